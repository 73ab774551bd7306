import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { cannotSave } from '../../backend/command/cannot-save.ts';
import { askBackend } from '../../backend/command/carry-out.ts';
import type { CommandInput } from '../../backend/command/command.ts';
import { readRunningBackend, type RunningBackend } from '../../backend/state/directory-lock.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let backend: RunningBackend;
let place: string;

beforeAll(async () => {
  running = await startProduct();
  backend = (await readRunningBackend(join(running.directory, 'data'))) as RunningBackend;
  place = await mkdtemp(join(tmpdir(), 'tasksheet-carry-out-'));
});
afterAll(async () => {
  await running.close();
  await rm(place, { recursive: true, force: true });
});

function input(given: string[], signal: AbortSignal = new AbortController().signal, lines: string[] = []): CommandInput {
  return { arguments: given, workingDirectory: place, output: { json: false, line: (line) => lines.push(line), warn: () => undefined, status: () => undefined }, signal };
}

async function problemOf(asked: Promise<unknown>): Promise<Problem> {
  return asked.then(
    () => {
      throw new Error('expected a problem');
    },
    (error: Problem) => error,
  );
}

const cards = ['partner-cards', '--set', 'partner=12', '--set', 'issued=lastMonth', '--set', 'columns=number,issued'];

/** A backend of another kind: what the network does, not what ours says. */
async function withServer(listener: RequestListener, work: (backend: RunningBackend) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'x' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a file that cannot be saved is named with the reason, and nothing is left beside it', async () => {
  await mkdir(join(place, 'taken.csv'));
  await writeFile(join(place, 'plain'), '');
  for (const [out, reason] of [['no-folder/cards.csv', /no such folder/], ['taken.csv', /a folder has that name/], ['plain/cards.csv', /a file, not a folder/], [`${'x'.repeat(300)}.csv`, /too long/]] as const) {
    const problem = await problemOf(askBackend(backend, { name: 'run' }, input([...cards, '--out', out])));
    expect(problem, out).toMatchObject({ code: 'invalid_request', text: { en: expect.stringMatching(reason) as string, ru: expect.stringContaining('не сохранён') as string } });
    expect(problem.message).toContain(join(place, out));
  }
  expect((await readdir(place)).sort()).toEqual(['plain', 'taken.csv']);
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a folder that may not be written says so', async () => {
  await mkdir(join(place, 'closed'));
  await chmod(join(place, 'closed'), 0o500);
  expect(await problemOf(askBackend(backend, { name: 'run' }, input([...cards, '--out', 'closed/cards.csv'])))).toMatchObject({ code: 'invalid_request', text: { en: expect.stringMatching(/may not be written/) as string } });
});

test('a full disk is called so; what is no fault of the file stays as it is', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(cannotSave('/x/cards.csv', full)).toMatchObject({ code: 'disk_full', text: { ru: 'На диске нет места для файла /x/cards.csv.' }, cause: full });
  const other = new Error('something else');
  expect(cannotSave('/x/cards.csv', other)).toBe(other);
});

test('a fault of ours is logged with the reference that the person is told', async () => {
  const real = running.product.signInCodes.issue;
  running.product.signInCodes.issue = () => Promise.reject(new TypeError('the hidden cause'));
  try {
    const problem = await problemOf(askBackend(backend, { name: 'access' }, input(['issue', 'maria@company.example'])));
    expect(problem.code).toBe('internal');
    expect(problem.message).not.toContain('hidden');
    const reference = /Reference: ([0-9a-f]{8})\./.exec(problem.text.en)?.[1] ?? 'none';
    const line = running.log.find((one) => one.includes(reference)) ?? '';
    expect(JSON.parse(line)).toMatchObject({ event: 'request_failed', command: 'access', code: 'internal' });
    expect(line).toContain('the hidden cause');
  } finally {
    running.product.signInCodes.issue = real;
  }
});

test('stopping a command says only that it was stopped, and a cancel that fails is logged', async () => {
  const { cancel, wait } = running.product.runs;
  const stop = new AbortController();
  running.product.runs.cancel = () => Promise.reject(new Error('cancel has failed'));
  // Held until the stop has come through, for the run itself may be quicker.
  running.product.runs.wait = async (access, id, signal) => {
    stop.abort();
    await once(signal, 'abort');
    return wait(access, id, signal);
  };
  try {
    expect(await problemOf(askBackend(backend, { name: 'run' }, input(cards, stop.signal)))).toMatchObject({ code: 'interrupted', text: { ru: 'Остановлено.', en: 'Stopped.' } });
    await expect.poll(() => running.log.filter((line) => line.includes('cancel has failed')).length, { timeout: 5_000 }).toBe(1);
  } finally {
    Object.assign(running.product.runs, { cancel, wait });
  }
  expect(running.log.find((line) => line.includes('cancel has failed'))).toContain('run_not_cancelled');
});

test('a backend that is not there, or breaks off before an answer, is unreachable with advice', async () => {
  let gone: RunningBackend = { url: '', token: '' };
  await withServer((request) => void request.socket.destroy(), async (cutting) => {
    gone = cutting;
    expect(await problemOf(askBackend(cutting, { name: 'run' }, input(cards)))).toMatchObject({ code: 'source_unreachable' });
  });
  const problem = await problemOf(askBackend(gone, { name: 'run' }, input(cards)));
  expect(problem.code).toBe('source_unreachable');
  expect(problem.text.en).toContain(gone.url);
  expect(problem.text.ru).toContain('повторите');
});

test('a backend that stops in the middle of its answer, breaks off or ends early, has interrupted the command', async () => {
  for (const end of ['destroy', 'end'] as const) {
    const lines: string[] = [];
    await withServer(
      (_request, response) => {
        response.write('{"line":"first"}\n{"li');
        setTimeout(() => (end === 'end' ? response.end() : response.destroy()), 50);
      },
      async (stopping) => expect((await problemOf(askBackend(stopping, { name: 'run' }, input(cards, undefined, lines)))).code).toBe('interrupted'),
    );
    expect(lines).toEqual(['first']);
  }
});

test('a refusal is told in the backend’s words, and a stranger’s answer by its status', async () => {
  const wrongToken = await problemOf(askBackend({ ...backend, token: 'nonsense' }, { name: 'run' }, input(cards)));
  expect(wrongToken).toMatchObject({ code: 'not_found' });
  await withServer((_request, response) => void response.writeHead(503).end('<html>'), async (stranger) => {
    expect(await problemOf(askBackend(stranger, { name: 'run' }, input(cards)))).toMatchObject({ code: 'not_ready', text: { en: expect.stringContaining('503') as string } });
  });
});

test('without the token not even a body is read; with it, a body that is no command is a wrong request', async () => {
  const ask = (token: string, body: string) => fetch(`${running.address}/local/commands`, { method: 'POST', headers: { Authorization: `Local ${token}`, 'Content-Type': 'application/json' }, body });
  expect((await ask('nonsense', '{"broken')).status).toBe(404);
  expect((await ask(backend.token, '{"broken')).status).toBe(400);
  expect((await ask(backend.token, '{"name":"run"}')).status).toBe(400);
});

test('a rejection that nobody handled is logged and ends nothing', async () => {
  const at = (file: string) => JSON.stringify(pathToFileURL(join(process.cwd(), file)).href);
  const script = join(place, 'rejects.mts');
  await writeFile(
    script,
    `import { openLog } from ${at('backend/log.ts')};
import { logUnhandledRejections } from ${at('backend/command/unhandled-rejections.ts')};
logUnhandledRejections(openLog());
void Promise.reject(new Error('nobody waited'));
setTimeout(() => process.stdout.write('still here'), 50);
`,
  );
  const child = spawn(process.execPath, ['--import', join(process.cwd(), 'node_modules/tsx/dist/esm/index.mjs'), script]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, out: said.out }).toEqual({ code: 0, out: 'still here' });
  expect(JSON.parse(said.err)).toMatchObject({ level: 'error', event: 'unhandled_rejection' });
  expect(said.err).toContain('nobody waited');
});
