import { readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readAudit } from '../../backend/access/audit.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let manager: ApiClient;
let analyst: ApiClient;

beforeAll(async () => {
  running = await startProduct();
  manager = await running.api.signInAs('manager');
  analyst = await running.api.signInAs('analyst');
});
afterAll(() => running.close());

/** As fetch, but the path goes out as it is written. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  const { hostname, port } = new URL(running.address);
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ hostname, port, path, headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

describe('what comes in', () => {
  test('a body of a stranger is not read: the answer is to sign in, whatever the body is', async () => {
    for (const body of ['{"values":', 'x'.repeat(11_000_000)]) expect(await running.api.problem('submit', { params: { id: 'partner-cards' }, body })).toMatchObject({ status: 401, code: 'not_signed_in' });
    expect((await fetch(`${running.address}/api/nothing-such`)).status).toBe(401);
  });

  test('100 kB are the most of a body, 12 MB where lists are pasted, and sign-in takes no more than the first', async () => {
    const long = 'x'.repeat(150_000);
    expect(await manager.problem('ask', { body: { text: long } })).toMatchObject({ status: 413, code: 'too_large' });
    expect(await running.api.problem('signIn', { body: { code: long } })).toMatchObject({ status: 413, code: 'too_large' });
    expect(await manager.problem('submit', { params: { id: 'partner-cards' }, body: { values: { partner: long, issued: 'lastMonth' } } })).toMatchObject({ status: 422, code: 'invalid_values' });
    expect(await manager.problem('submit', { params: { id: 'partner-cards' }, body: { values: { partner: 'x'.repeat(13_000_000) } } })).toMatchObject({ status: 413, code: 'too_large' });
  });

  test('JSON nested 200,000 levels deep is a wrong request, not a fault of ours', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(await manager.problem('functions', { body: `{"calls":[{"name":"RUN","arguments":[${deep}]}]}` })).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await manager.problem('functions', { body: `{"calls":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}` })).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(running.log.filter((line) => line.includes('request_failed'))).toEqual([]);
  });

  test('half a character is refused in values, in names and in the text of a question', async () => {
    for (const body of ['{"text":"\\ud83d"}', '{"text":"x","\\udc00":1}']) expect(await manager.problem('ask', { body })).toMatchObject({ status: 400, code: 'invalid_request' });
    expect((await manager.call('ask', { body: { text: 'Где 😀?' } })).question.text).toBe('Где 😀?');
  });

  test('a broken body and a broken address are told apart', async () => {
    expect((await manager.problem('ask', { body: '{"text":' })).detail).toMatch(/JSON/);
    const address = await get('/api/runs/%ff', { Authorization: `Bearer ${manager.token}` });
    expect(address.status).toBe(400);
    expect(JSON.parse(address.body)).toMatchObject({ code: 'invalid_request', text: { en: expect.stringMatching(/address/) as string } });
  });
});

describe('what goes out', () => {
  test('every answer forbids sniffing, referrers and frames, and loads nothing; the pane may be framed by Excel', async () => {
    for (const path of ['/api/company', '/api/tasks', '/api/openapi.json', '/healthz', '/d/nothing', '/d/%ff', '/nothing-such', '/local/commands']) {
      const { headers } = await get(path);
      expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'; style-src 'unsafe-inline';.* frame-ancestors 'none'$/);
    }
    const pane = await get('/');
    expect(pane.headers).toMatchObject({ location: '/taskpane.html', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(pane.headers['content-security-policy']).toMatch(/frame-ancestors 'self' .*officeapps\.live\.com/);
  });

  test('an address that leads nowhere opens a page in both languages with a way to the pane', async () => {
    for (const path of ['/nothing-such', '/%ff', '/office-js/nothing.js', '/taskpane']) {
      const { status, headers, body } = await get(path);
      expect([status, headers['content-type']], path).toEqual([404, 'text/html; charset=utf-8']);
      expect(body).toContain('Такой страницы нет');
      expect(body).toContain('There is no such page');
      expect(body).toContain('href="/taskpane.html"');
    }
  });

  test('a link that cannot even be decoded looks as any other that does not open', async () => {
    const gone = await get('/d/nothing', { 'Accept-Language': 'en' });
    expect(gone.body).toContain('This link does not open');
    for (const path of ['/d/%ff', '/d/%ff/file', '/d/a/b/c', '/d']) {
      const { status, headers, body } = await get(path, { 'Accept-Language': 'en' });
      expect({ status, body }, path).toEqual({ status: 404, body: gone.body });
      expect(headers, path).toMatchObject({ 'cache-control': gone.headers['cache-control'], 'x-robots-tag': gone.headers['x-robots-tag'] });
    }
  });
});

describe('questions', () => {
  test('a hidden draft looks as a task that does not exist, and neither is asked about', async () => {
    const shipped = await readFile(join(running.catalog, 'tasks/push-report.sql'), 'utf8');
    await writeFile(join(running.catalog, 'tasks/draft-x.sql'), shipped.replace(/^status: .*$/m, 'status: draft'));
    await vi.waitFor(() => expect(running.product.catalog.task('draft-x')?.status).toBe('draft'), { timeout: 15_000 });
    const ask = (api: ApiClient, taskId: string) => api.problem('ask', { body: { text: 'Что это?', taskId } });
    const [hidden, missing] = [await ask(manager, 'draft-x'), await ask(manager, 'no-such')];
    expect(hidden).toMatchObject({ status: 404, code: 'not_found' });
    expect({ ...hidden, reference: '' }).toEqual({ ...missing, reference: '' });
    expect((await analyst.call('ask', { body: { text: 'Что это?', taskId: 'draft-x' } })).question).toMatchObject({ taskId: 'draft-x', owner: 'anna@company.example' });
    const { questions } = await manager.call('questions');
    expect(questions.filter(({ text }) => text === 'Что это?')).toEqual([]);
  });

  test('who answered is kept, with neither question nor answer', async () => {
    const { question } = await manager.call('ask', { body: { text: 'Откуда цифры?', taskId: 'partner-cards' } });
    await analyst.call('answerQuestion', { params: { id: question.id }, body: { state: 'done', answer: 'Из витрины.' } });
    expect((await readAudit(running.product.state, { person: 'anna@company.example', limit: 1 }))[0]).toMatchObject({ action: 'question_answered', subject: question.id, detail: { state: 'done' } });
  });

  test('an id that only resembles one is not found', async () => {
    for (const id of ['-'.repeat(36), 'x', '%27']) expect((await analyst.problem('answerQuestion', { params: { id }, body: { state: 'done', answer: 'x' } })).code).toBe('not_found');
  });
});

test('signing out ends every session of the person and nobody else’s, and is kept in the audit', async () => {
  const [here, there] = [await running.api.signInAs('marketer'), await running.api.signInAs('marketer')];
  await here.call('signOut');
  for (const api of [here, there]) expect((await api.problem('tasks')).code).toBe('not_signed_in');
  expect((await manager.call('tasks')).tasks.length).toBeGreaterThan(0);
  expect((await readAudit(running.product.state, { person: 'oleg@company.example' })).map(({ action }) => action)).toContain('sessions_ended');
  expect((await running.api.problem('signOut')).code).toBe('not_signed_in');
});
