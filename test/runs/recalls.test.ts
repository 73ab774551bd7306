import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readAudit } from '../../backend/access/audit.ts';
import { recall } from '../../backend/command/recall.ts';
import type { Run } from '../../shared/run.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let manager: ApiClient;
let marketer: ApiClient;
let file: string;

beforeAll(async () => {
  running = await startProduct();
  [manager, marketer] = [await running.api.signInAs('manager'), await running.api.signInAs('marketer')];
  file = join(running.catalog, 'tasks/wrong-sum.sql');
});
afterAll(() => running.close());

const task = (sql: string) => `/*
title: { ru: Сумма, en: Sum }
description: { ru: Сумма., en: A sum. }
group: reports
owner: anna@company.example
status: published
form:
  rows: { kind: number, label: { ru: Строк, en: Rows }, default: 5 }
columns:
  id:  { title: { ru: Номер, en: Id }, type: integer }
  sum: { title: { ru: Итого, en: Sum }, type: integer }
*/
-- step sums on workbench
${sql}
`;

async function publish(sql: string): Promise<string> {
  const before = running.product.catalog.task('wrong-sum')?.version;
  await writeFile(file, task(sql));
  await vi.waitFor(() => expect(running.product.catalog.task('wrong-sum')?.version).not.toBe(before), { timeout: 15_000 });
  return running.product.catalog.task('wrong-sum')!.version;
}

async function finish(api: ApiClient, rows: number): Promise<Run> {
  const submitted = await api.call('submit', { params: { id: 'wrong-sum' }, body: { values: { rows } } });
  for (;;) {
    const { run } = await api.call('run', { params: { id: submitted.run.id } });
    if (run.status.state !== 'queued' && run.status.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function command(...given: string[]): Promise<string[]> {
  const lines: string[] = [];
  const output = { json: given.includes('--json'), line: (text: string) => lines.push(text), warn: () => undefined, status: () => undefined };
  await recall.run(running.product, { arguments: given.filter((one) => one !== '--json'), workingDirectory: '.', output: output as never, signal: new AbortController().signal });
  return lines;
}

const reason = 'сумма была вдвое больше <b> / the sum was twice too large <b>';

test('a wrong version is recalled: shown first, then marked everywhere, and the result is got anew with what changed', async () => {
  const wrong = await publish('SELECT number AS id, number * 2 AS sum FROM numbers({{rows}}) ORDER BY id');
  const [first, second] = [await finish(manager, 5), await finish(marketer, 3)];
  const link = await manager.call('link', { params: { id: first.id }, body: { format: 'csv' } });
  const partner = await manager.call('link', { params: { id: first.id }, body: { format: 'csv', partner: true } });
  await publish('SELECT number AS id, number AS sum FROM numbers({{rows}} + 1) ORDER BY id');
  const right = await finish(manager, 4);

  const shown = await command('wrong-sum', '--versions', wrong.slice(0, 10), '--reason', reason);
  expect(shown.join('\n')).toContain(`№ ${first.provenance.number}`);
  expect(shown.at(-1)).toMatch(/^2 runs of 2 people would be recalled/);
  expect((await manager.call('recalls')).recalls).toEqual([]);

  const done = await command('wrong-sum', '--versions', wrong.slice(0, 10), '--reason', reason, '--yes');
  expect(done.at(-1)).toMatch(/^Recalled: 2 runs of 2 people/);
  expect((await command('wrong-sum', '--versions', wrong, '--reason', reason, '--yes')).at(-1)).toBe('No run was left to recall.');
  expect((await readAudit(running.product.state, { limit: 1 }))[0]).toMatchObject({ action: 'runs_recalled', subject: 'wrong-sum', detail: { runs: 2 } });

  const { recalls } = await manager.call('recalls');
  expect(recalls).toMatchObject([{ runId: first.id, number: first.provenance.number, reason: { ru: 'сумма была вдвое больше <b>', en: 'the sum was twice too large <b>' } }]);
  const listed = (await manager.call('runs', { query: { task: 'wrong-sum' } })).runs;
  expect(listed.map(({ id, recalled }) => [id, recalled?.reason.en])).toEqual([[right.id, undefined], [first.id, 'the sum was twice too large <b>']]);
  expect((await marketer.call('recallsOf', { body: { runs: [first.id, right.id, 'nonsense'] } })).recalls.map(({ runId }) => runId)).toEqual([first.id]);

  const page = await (await fetch(link.url, { headers: { 'Accept-Language': 'ru' } })).text();
  expect(page).toContain('он отозван');
  expect(page).toContain('вдвое больше &#60;b&#62;');
  const outside = await (await fetch(partner.url, { headers: { 'Accept-Language': 'en' } })).text();
  expect(outside).toContain('it has been recalled');
  expect(outside).not.toContain('twice');

  const anew = await finish(manager, 5);
  expect(anew.recalled).toBeUndefined();
  const { changes } = await manager.call('changes', { params: { id: anew.id }, query: { before: first.id } });
  // Before: (0,0) (1,2) (2,4) (3,6) (4,8). Now: (0,0) (1,1) … (5,5).
  expect(changes).toMatchObject([{ rowsBefore: 5, rowsAfter: 6, removed: 4, added: 5, columns: [{ name: 'id', change: 'changed', values: 1 }, { name: 'sum', change: 'changed', values: 3 }] }]);
  expect((await marketer.problem('changes', { params: { id: anew.id }, query: { before: second.id } })).code).toBe('not_found');

  await running.product.state.query('UPDATE executions SET dropped_at = now() WHERE id = (SELECT execution_id FROM runs WHERE id = $1)', [first.id]);
  const later = await manager.call('changes', { params: { id: anew.id }, query: { before: first.id } });
  expect(later.changes).toMatchObject([{ rowsBefore: 5, rowsAfter: 6, removed: null, added: null, columns: [{ change: 'changed', values: null }, { change: 'changed', values: null }] }]);
});

test('a notice stays until its own person puts it away', async () => {
  const [notice] = (await marketer.call('recalls')).recalls;
  await manager.call('recallSeen', { params: { id: notice!.runId } });
  expect((await marketer.call('recalls')).recalls).toHaveLength(1);
  await marketer.call('recallSeen', { params: { id: notice!.runId } });
  await marketer.call('recallSeen', { params: { id: 'nonsense' } });
  expect((await marketer.call('recalls')).recalls).toEqual([]);
  expect((await marketer.call('run', { params: { id: notice!.runId } })).run.recalled).toBeDefined();
});

test('runs are chosen by local days, both inclusive', async () => {
  const { today } = await manager.call('company');
  const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  const none = JSON.parse((await command('wrong-sum', '--from', tomorrow, '--reason', reason, '--json')).join('')) as { runs: unknown[] };
  expect(none.runs).toEqual([]);
  const all = JSON.parse((await command('wrong-sum', '--from', today, '--to', today, '--reason', reason, '--json')).join('')) as { done: boolean; runs: { recalled: boolean }[] };
  expect(all.done).toBe(false);
  expect(all.runs.map(({ recalled }) => recalled)).toEqual([true, true, false, false]);
});

test.each([
  [['wrong-sum', '--reason', reason], 'Say which runs'],
  [['wrong-sum', '--versions', 'abcd', '--reason', 'только по-русски'], 'both languages'],
  [['wrong-sum', '--versions', 'ab', '--reason', reason], 'too short'],
  [['wrong-sum', '--from', '20.11.2026', '--reason', reason], '2026-11-20'],
  [['wrong-sum', '--from', '2026-02-30', '--reason', reason], '2026-11-20'],
  [['--from', '2026-02-20', '--reason', reason], 'Exactly one task'],
  [['wrong-sum', '--nonsense'], 'nonsense'],
])('%j is refused with what to write instead', async (given, words) => {
  await expect(command(...given)).rejects.toThrow(words);
});

