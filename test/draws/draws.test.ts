import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf } from '../../backend/access/access.ts';
import { draw as drawCommand } from '../../backend/command/draw.ts';
import { shipped } from '../../backend/product.ts';
import type { Draw, DrawOutcome } from '../../shared/draw.ts';
import type { Run } from '../../shared/run.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let marketer: ApiClient;
let manager: ApiClient;
let folder: string;

const now = new Date('2026-11-18T09:00:00Z');
const week = { from: '2026-11-09', until: '2026-11-16' };

/** A task of kind draw over rows that a test writes out. */
const taskOf = (rows: string, draw: string, more = ''): string => `/*
kind: draw
title: { ru: Проба, en: Trial }
description: { ru: Проба., en: Trial. }
group: promos
owner: anna@company.example
status: published
form:
  period: { kind: dateRange, label: { ru: Неделя, en: Week }, default: lastCalendarWeek }
draw: { participant: id, prizes: [ { title: { ru: Приз, en: Prize }, count: 2 } ], reserves: 2, ${draw} }
fresh: { on: warehouse, sql: "SELECT toDateTime('2026-11-16 03:00:00')" }
*/
-- step staff on warehouse
SELECT 'staff' AS id
-- step people on warehouse
SELECT ${rows} WHERE {{period.from}} IS NOT NULL ${more}
`;
const values = (...list: string[]): string => `* FROM (SELECT tupleElement(row, 1) AS id, tupleElement(row, 2) AS w FROM (SELECT arrayJoin([${list.join(', ')}]) AS row))`;

const tasks: Record<string, string> = {
  'trial-strict': taskOf("toString(number) AS id FROM numbers(50)", 'period: period, strict: true, exclude: [steps.staff]'),
  'trial-last': taskOf("toString(number) AS id FROM numbers(6)", 'period: period, exclude: [steps.staff, lastWinners]'),
  'trial-few': taskOf("concat('p', toString(number)) AS id FROM numbers(1)", 'period: period, exclude: [steps.staff]'),
  'trial-mess': taskOf("arrayJoin(['staff', ' 0007 ', '0007', '', '1234567890123456789', 'Ёж \"и\" ко', 'a,b']) AS id", 'period: period, exclude: [steps.staff]'),
  'trial-none': taskOf("'' AS id", 'period: period, exclude: [steps.staff]'),
  'trial-zero': taskOf(values("('a', 0)", "('b', 3)", "('c', 1000000000000)"), 'weight: w, period: period, exclude: [steps.staff]'),
  'trial-negative': taskOf(values("('a', -1)", "('b', 3)"), 'weight: w, period: period, exclude: [steps.staff]'),
  'trial-uneven': taskOf(values("('a', 1.5)", "('b', 3)"), 'weight: w, period: period, exclude: [steps.staff]'),
  'trial-heavy': taskOf(values("('a', 1000000000001)", "('b', 3)"), 'weight: w, period: period, exclude: [steps.staff]'),
  'trial-twice': taskOf(values("('a', 1)", "('a', 3)"), 'weight: w, period: period, exclude: [steps.staff]'),
  'trial-lines': taskOf("arrayJoin(['a\\nb', 'c']) AS id", 'period: period, exclude: [steps.staff]'),
  'trial-column': taskOf("'a' AS other", 'period: period, exclude: [steps.staff]'),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tasksheet-draws-'));
  await cp(shipped.catalog, join(folder, 'catalog'), { recursive: true });
  for (const [id, text] of Object.entries(tasks)) await writeFile(join(folder, 'catalog', 'tasks', `${id}.sql`), text);
  running = await startProduct({ now: () => now, directory: folder });
  marketer = await running.api.signInAs('marketer');
  manager = await running.api.signInAs('manager');
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

async function ended(task: string, period: unknown = week): Promise<Run> {
  const { run } = await marketer.call('submit', { params: { id: task }, body: { values: { period: period as string } } });
  return running.product.runs.wait(accessOf(running.product.catalog.access(), 'oleg@company.example'), run.id, AbortSignal.timeout(60_000));
}

async function frozen(task: string, period: unknown = week): Promise<{ run: Run; outcome: DrawOutcome }> {
  const run = await ended(task, period);
  if (run.status.state !== 'succeeded' || run.status.outcome?.kind !== 'draw') throw new Error(JSON.stringify(run.status));
  return { run, outcome: run.status.outcome };
}

async function failure(task: string): Promise<string> {
  const { status } = await ended(task);
  return status.state === 'failed' ? status.message.en : JSON.stringify(status);
}

const hold = async (api: ApiClient, id: string, body: object = {}): Promise<Draw> => (await api.call('holdDraw', { params: { id }, body })).draw;

/** The participants as anybody downloads them. */
async function downloaded(run: Run, client = marketer): Promise<Buffer> {
  const { url } = await client.call('link', { params: { id: run.id }, body: { format: 'csv-systems' } });
  const file = await fetch(`${running.address}${new URL(url).pathname}/file`);
  return Buffer.from(await file.arrayBuffer());
}

describe('the weekly promo of the sample', () => {
  let run: Run;
  let outcome: DrawOutcome;
  let drawn: Draw;

  beforeAll(async () => {
    ({ run, outcome } = await frozen('weekly-promo'));
  });

  it('freezes a list whose fingerprint is that of the file for systems, and shows the seed only as a hash', async () => {
    const file = await downloaded(run);
    expect(createHash('sha256').update(file).digest('hex')).toBe(outcome.fingerprint);
    expect(file.toString().trim().split('\n').length - 1).toBe(outcome.participants);
    expect(outcome.funnel.map(({ left }) => left)).toEqual([...outcome.funnel.map(({ left }) => left)].sort((one, other) => other - one));
    const { draw } = await marketer.call('draw', { params: { id: outcome.drawId } });
    expect(draw.held).toBeNull();
    const [stored] = await running.product.state.query<{ seed: string }>('SELECT seed FROM draws WHERE id = $1', [outcome.drawId]);
    expect(JSON.stringify({ draw, run })).not.toContain(stored?.seed);
  });

  it('takes everybody who did the chain in order, and nobody else: counted another way, by joins', async () => {
    const during = (name: string): string => `event_name = '${name}' AND event_time >= '2026-11-09 00:00:00' AND event_time < '2026-11-16 00:00:00' AND user_id > 20`;
    const sql = `SELECT uniqExact(clicks.user_id) FROM (SELECT user_id, event_time FROM events WHERE ${during('offer_click')}) AS clicks
      INNER JOIN (SELECT views.user_id AS user_id, min(views.event_time) AS seen FROM (SELECT user_id, event_time FROM events WHERE ${during('offer_view')}) AS views
        INNER JOIN (SELECT user_id, min(event_time) AS opened FROM events WHERE ${during('app_open')} GROUP BY user_id) AS opens ON opens.user_id = views.user_id
        WHERE views.event_time > opens.opened GROUP BY views.user_id) AS chains ON chains.user_id = clicks.user_id
      WHERE clicks.event_time > chains.seen`;
    const counted = await running.product.workbench.select({ sql, parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'promo-by-joins', limits: { timeSeconds: 60, rows: 10, memoryBytes: 1e9 }, signal: AbortSignal.timeout(60_000) });
    expect(Number(counted.rows[0]?.[0])).toBe(outcome.participants);
    expect(outcome.participants).toBeGreaterThan(20);
  });

  it('is drawn by those who have the right to, and read by no others', async () => {
    expect((await manager.problem('holdDraw', { params: { id: outcome.drawId }, body: {} })).code).toBe('not_allowed');
    expect((await manager.problem('draw', { params: { id: outcome.drawId } })).code).toBe('not_allowed');
  });

  it('is drawn once: presses at the same moment and later ones answer with the same winners', async () => {
    const analyst = await running.api.signInAs('analyst');
    const pressed = await Promise.all([hold(marketer, outcome.drawId), hold(analyst, outcome.drawId), hold(marketer, outcome.drawId)]);
    drawn = pressed[0];
    expect(pressed.map(({ held }) => held)).toEqual([drawn.held, drawn.held, drawn.held]);
    expect(drawn.held?.winners).toHaveLength(15);
    expect(drawn.held?.reserves).toHaveLength(10);
    expect(createHash('sha256').update(drawn.held?.seed ?? '').digest('hex')).toBe(outcome.seedHash);
    const audit = await running.product.state.query<{ count: number }>("SELECT count(*) AS count FROM audit WHERE action = 'draw_held' AND subject = $1", [outcome.drawId]);
    expect(audit[0]?.count).toBe(1);
  });

  it('comes out the same by tasksheet draw verify, from the downloaded file and the protocol alone', async () => {
    const path = join(folder, 'participants.csv');
    await writeFile(path, await downloaded(run));
    const { protocol } = await marketer.call('drawFiles', { params: { id: outcome.drawId } });
    const [, command = ''] = /^tasksheet (draw verify .*)$/m.exec(protocol.text) ?? [];
    const given = command.split(' ').slice(1).map((word) => (word.endsWith('.csv') ? path : word));
    const verify = async (): Promise<string> => {
      const lines: string[] = [];
      const output = { line: (text: string) => void lines.push(text), warn: () => undefined, status: () => undefined, json: true };
      await drawCommand.run(running.product.config as never, { arguments: given, workingDirectory: folder, output, signal: AbortSignal.timeout(10_000) });
      return lines.join('\n');
    };
    const answer = JSON.parse(await verify()) as { places: { participant: string }[]; seedHash: string };
    expect(answer.places.map(({ participant }) => participant)).toEqual(drawn.held?.places.map(({ participant }) => participant));
    expect(answer.seedHash).toBe(outcome.seedHash);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/,1\n/, ',2\n'));
    await expect(verify()).rejects.toThrow('not the file of participants');
  });

  it('gives the prize of a winner who declined to the first reserve, once, and says so in the protocol', async () => {
    const first = drawn.held?.winners[0]?.participant ?? '';
    const reserve = drawn.held?.reserves[0];
    const replace = () => marketer.call('replaceWinner', { params: { id: outcome.drawId }, body: { participant: first, reason: 'Не отвечает неделю' } });
    const [one, other] = await Promise.all([replace(), replace()]);
    expect([one.draw.held?.winners[0]?.participant, other.draw.held?.winners[0]?.participant]).toEqual([reserve, reserve]);
    expect(other.draw.held?.reserves).toHaveLength(9);
    const { protocol, publication } = await marketer.call('drawFiles', { params: { id: outcome.drawId } });
    expect(protocol.text).toContain('Не отвечает неделю');
    expect(protocol.text).toContain(outcome.fingerprint);
    expect(publication.text).not.toMatch(/^\d+$/m);
    expect(publication.text.match(/\*\*\*/g)).toHaveLength(15);
    expect((await marketer.problem('replaceWinner', { params: { id: outcome.drawId }, body: { participant: 'nobody', reason: 'no such one' } })).code).toBe('not_found');
  });

  it('asks for a reason for a second draw of the week and shows both', async () => {
    const second = await frozen('weekly-promo');
    if (second.outcome.drawId === outcome.drawId) throw new Error('the second run is the first one');
    expect(second.outcome.seedHash).not.toBe(outcome.seedHash);
    const { draw } = await marketer.call('draw', { params: { id: second.outcome.drawId } });
    expect([draw.concerns, draw.earlier.map(({ id }) => id)]).toEqual([['repeated'], [outcome.drawId]]);
    expect((await marketer.problem('holdDraw', { params: { id: second.outcome.drawId }, body: {} })).code).toBe('conflict');
    const held = await hold(marketer, second.outcome.drawId, { reason: 'Первый розыгрыш был проверкой' });
    expect(held.held?.reason).toBe('Первый розыгрыш был проверкой');
    const { protocol } = await marketer.call('drawFiles', { params: { id: second.outcome.drawId } });
    expect(protocol.text).toContain('Первый розыгрыш был проверкой');
    expect(protocol.text).toMatch(/Earlier draws of the same period|Розыгрыши за тот же период/);
  });

  it('keeps the participants as long as the draw stands, and not otherwise', async () => {
    const expiry = (id: string) => running.product.state.query<{ never: boolean }>("SELECT expires_at IS NULL AS never FROM executions WHERE outcome->>'drawId' = $1", [id]);
    expect(await expiry(outcome.drawId)).toEqual([{ never: true }]);
    const idle = await frozen('trial-few', { from: '2026-10-05', until: '2026-10-12' });
    expect(await expiry(idle.outcome.drawId)).toEqual([{ never: false }]);
    await running.product.state.query("UPDATE executions SET dropped_at = now() WHERE outcome->>'drawId' = $1", [idle.outcome.drawId]);
    expect((await marketer.problem('holdDraw', { params: { id: idle.outcome.drawId }, body: {} })).code).toBe('result_expired');
  });

  it('gives the winners to further tasks, after replacements', async () => {
    const rows = await running.product.state.query<{ participant: string }>('SELECT participant FROM draw_winners WHERE draw_id = $1 ORDER BY place', [outcome.drawId]);
    const { draw } = await marketer.call('draw', { params: { id: outcome.drawId } });
    expect(rows.map(({ participant }) => participant)).toEqual(draw.held?.winners.map(({ participant }) => participant));
    const { run: sheets } = await marketer.call('submit', { params: { id: 'draw-protocol' }, body: { values: { draw: outcome.drawId } } });
    await expect.poll(async () => (await marketer.call('run', { params: { id: sheets.id } })).run.status.state, { timeout: 30_000 }).toBe('succeeded');
    const protocol = await marketer.call('rows', { params: { id: sheets.id }, query: { result: 'protocol' } });
    expect(protocol.rows[0]).toEqual(expect.arrayContaining([outcome.fingerprint, outcome.seedHash, drawn.held?.seed]));
    const page = await marketer.call('rows', { params: { id: sheets.id }, query: { result: 'winners', limit: 100 } });
    expect(page.rows.map((row) => String(row[3]))).toEqual(rows.map(({ participant }) => participant));
  });
});

describe('lists of participants', () => {
  it('strict: a published number is needed, and changes the outcome', async () => {
    const { outcome } = await frozen('trial-strict');
    expect((await marketer.problem('holdDraw', { params: { id: outcome.drawId }, body: {} })).code).toBe('invalid_request');
    const { held } = await hold(marketer, outcome.drawId, { publicNumber: '4711' });
    expect(held?.publicNumber).toBe('4711');
    const { outcome: plain } = await frozen('trial-few');
    expect((await marketer.problem('holdDraw', { params: { id: plain.drawId }, body: { publicNumber: '4711' } })).code).toBe('invalid_request');
  });

  it('a week that is not loaded completely needs a reason, which is kept', async () => {
    const { outcome } = await frozen('trial-last', { from: '2026-11-12', until: '2026-11-18' });
    const { draw } = await marketer.call('draw', { params: { id: outcome.drawId } });
    expect(draw.concerns).toEqual(['notLoaded']);
    const refused = await marketer.problem('holdDraw', { params: { id: outcome.drawId }, body: {} });
    expect([refused.code, refused.text.en.includes('not loaded completely')]).toEqual(['conflict', true]);
    expect((await hold(marketer, outcome.drawId, { reason: 'Партнёр ждёт сегодня' })).held?.reason).toBe('Партнёр ждёт сегодня');
  });

  it('winners of the last draw stay out of the next one', async () => {
    const first = await frozen('trial-last');
    const winners = (await hold(marketer, first.outcome.drawId)).held?.winners.map(({ participant }) => participant) ?? [];
    const next = await frozen('trial-last', { from: '2026-11-02', until: '2026-11-09' });
    const file = (await downloaded(next.run)).toString();
    expect(next.outcome.participants).toBe(4);
    for (const winner of winners) expect(file).not.toContain(`"${winner}"`);
    expect(next.outcome.funnel.at(-1)).toEqual({ text: { ru: 'без: победители прошлого розыгрыша', en: 'without: winners of the last draw' }, left: 4 });
  });

  it('fewer participants than prizes: everybody wins, the rest is said to stay', async () => {
    const { outcome } = await frozen('trial-few', { from: '2026-10-26', until: '2026-11-02' });
    const { held } = await hold(marketer, outcome.drawId);
    expect([held?.winners.map(({ participant }) => participant), held?.reserves]).toEqual([['p0'], []]);
    const { protocol } = await marketer.call('drawFiles', { params: { id: outcome.drawId } });
    expect(protocol.text).toMatch(/Prizes without a winner: 1|без победителя: 1/);
    const gone = await marketer.call('replaceWinner', { params: { id: outcome.drawId }, body: { participant: 'p0', reason: 'declined' } });
    expect(gone.draw.held?.winners[0]?.participant).toBeNull();
  });

  it('blanks, quotes, Cyrillic, 19 digits and leading zeros stay; rows without an id and repeats are counted out', async () => {
    const { run, outcome } = await frozen('trial-mess');
    expect((await downloaded(run)).toString()).toBe('"participant","weight"\n"0007",1\n"1234567890123456789",1\n"a,b",1\n"Ёж ""и"" ко",1\n');
    expect(outcome.funnel.map(({ left }) => left)).toEqual([7, 5, 4]);
  });

  it('a weight of 0 takes no part, an enormous one does', async () => {
    const { outcome } = await frozen('trial-zero');
    expect([outcome.participants, outcome.tickets, outcome.funnel.at(-1)?.text.en]).toEqual([2, '1000000000003', 'with a weight above 0']);
  });

  it.each([
    ['trial-none', 'no participants'],
    ['trial-negative', 'below 0'],
    ['trial-uneven', 'not whole'],
    ['trial-heavy', 'above 1000000000000'],
    ['trial-twice', 'repeat a participant'],
    ['trial-lines', 'line breaks'],
    ['trial-column', 'no column id in the last step; it has other'],
  ])('%s is refused in words: %s', async (task, words) => {
    expect(await failure(task)).toContain(words);
  });
});
