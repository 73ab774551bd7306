import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { selfSignedCertificate } from '../services/certificate.ts';
import { numbers, opened, temporaryRemote, usual } from './temporary-remote.ts';

/** Git's own server side over CGI, as a git server with HTTPS has it. */
async function gitServer(request: IncomingMessage, response: ServerResponse, root: string): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '', 'https://x');
  const env = { PATH: process.env['PATH'], GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REMOTE_USER: 'robot', PATH_INFO: pathname, QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: request.headers['git-protocol']?.toString() ?? '' };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(backend.stdin);
  const answer = await buffer(backend.stdout);
  const end = answer.indexOf('\r\n\r\n');
  for (const line of answer.subarray(0, end).toString().split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.end(answer.subarray(end + 4));
}

/** Arguments of all processes of this machine; none where there is no /proc. */
function processArguments(): string {
  const read = (id: string) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(read).join('\n') : '';
}

test('a name and password in the address open a server over HTTPS, and stand in no list of processes, file or log', async () => {
  const remote = await temporaryRemote();
  const first = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const { key, certificate } = selfSignedCertificate();
  await writeFile(join(remote.place, 'ca.pem'), certificate);
  const password = 'p@ss/s3cret';
  const seen: string[] = [];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    seen.push(processArguments());
    const expected = `Basic ${Buffer.from(`robot:${password}`).toString('base64')}`;
    if (request.headers.authorization === expected) void gitServer(request, response, remote.place);
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const log: string[] = [];
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = (secret: string) => ({ place: remote.place, setting: `https://robot:${encodeURIComponent(secret)}@${host}/server.git` });
  await expect(opened(at('s3cret-but-wrong'), log, { GIT_SSL_CAINFO: join(remote.place, 'ca.pem') })).rejects.toMatchObject({ code: 'source_unreachable', text: { en: expect.not.stringContaining('s3cret') as string } });
  // An authority that is not trusted is no server of ours.
  await expect(opened(at(password), log)).rejects.toMatchObject({ code: 'source_unreachable' });
  const catalog = await opened(at(password), log, { GIT_SSL_CAINFO: join(remote.place, 'ca.pem') });
  expect(catalog.state()).toMatchObject({ address: `https://${host}/server.git#main`, inUse: { id: first } });
  if (process.platform === 'linux') expect(seen.join('\n')).toContain(`https://${host}/server.git`);
  expect(seen.join('\n') + log.join('')).not.toMatch(/s3cret/);
  const files = (await readdir(remote.place, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const entry of files) expect(await readFile(join(entry.parentPath, entry.name), 'utf8'), entry.name).not.toContain('s3cret');
});
