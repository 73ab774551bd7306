import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAlerts, type Alerts, type Evaluation, type Finding } from '../../backend/alerts/index.ts';
import { makeDigests } from '../../backend/alerts/digest.ts';
import { openOutbox } from '../../backend/alerts/outbox.ts';
import type { MessageContent } from '../../backend/alerts/content.ts';
import { sparkline } from '../../backend/alerts/sparkline.ts';
import type { ChannelSettings } from '../../backend/catalog/task.ts';
import { openLog } from '../../backend/log.ts';
import { openState } from '../../backend/state/open-state.ts';
import type { State } from '../../backend/state/state.ts';

let directory: string;
let state: State;
let alerts: Alerts;
let now: Date;

const hourMs = 3_600_000;
/** Without its secret nothing leaves: the outbox itself is looked at. */
const channel: ChannelSettings = { name: 'analytics', kind: 'slack', language: 'ru', messagesPerDay: 2, digestAt: '09:00', settings: { webhook: '${NOWHERE}' } };
const start = () => openAlerts({ state, key: Buffer.alloc(32, 7), log: openLog(() => undefined), channels: () => [channel], environment: {}, timeZone: 'Europe/Moscow', address: () => 'http://localhost:3000', reachable: false, now: () => now });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasksheet-incidents-'));
  state = await openState({ directory, backups: false });
});
afterAll(async () => {
  await state?.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const table of ['incident_decisions', 'incidents', 'alert_messages', 'monitor_reports']) await state.query(`DELETE FROM ${table}`);
  // Monday, 14:00 in Moscow.
  now = new Date('2026-11-23T11:00:00Z');
  alerts = start();
});
afterEach(() => alerts.close());

const drop = (series: string, more: Partial<Finding> = {}): Finding => ({
  series,
  title: { ru: `Событие ${series}`, en: `Event ${series}` },
  direction: 'down',
  kind: 'drop',
  score: 2,
  since: now,
  value: 812,
  low: 1250,
  high: 1550,
  points: [{ time: '2026-11-23T13:00:00+03:00', value: 1400, low: 1250, high: 1550 }, { time: '2026-11-23T14:00:00+03:00', value: 812, low: 1250, high: 1550 }],
  ...more,
});
const look = (findings: Finding[], more: Partial<Evaluation> = {}): Evaluation => ({ monitor: 'events', title: { ru: 'События', en: 'Events' }, importance: 'normal', bucket: now, scored: 300, findings, ...more });
const hour = async (findings: Finding[], more: Partial<Evaluation> = {}) => {
  await alerts.report([look(findings, more)]);
  now = new Date(now.getTime() + hourMs);
};
const said = async () => (await state.query<{ content: MessageContent }>('SELECT content FROM alert_messages ORDER BY id')).map(({ content }) => content);
const titles = async () => (await said()).map(({ title }) => title.ru);
const stateOf = async (series: string) => (await alerts.incidents()).find((one) => one.series === series)?.state;

describe('an incident', () => {
  test('is told once, goes on, and has a line when it is over for two buckets', async () => {
    await hour([drop('pay')]);
    expect(await stateOf('pay')).toBe('firing');
    await hour([drop('pay')]);
    expect(await stateOf('pay')).toBe('ongoing');
    await hour([drop('pay', { score: 0.7 })]);
    await hour([]);
    await hour([drop('pay')]);
    expect(await stateOf('pay')).toBe('ongoing');
    await hour([]);
    await hour([]);
    expect(await stateOf('pay')).toBe('resolved');
    expect(await titles()).toEqual(['Событие pay: −42 %, с 14:00', 'Снова в норме: Событие pay']);
    const [message] = await said();
    expect(message!.tone).toBe('trouble');
    expect(message!.lines.map(({ ru }) => ru.replaceAll('\u00a0', ' '))).toEqual(['812 (обычно 1 250–1 550)', '█▁']);
  });

  test('that is faint waits for a second bucket, and is gone without a word otherwise', async () => {
    await hour([drop('faint', { score: 1.1 })]);
    expect(await titles()).toEqual([]);
    await hour([]);
    await hour([drop('faint', { score: 1.1 })]);
    expect(await titles()).toEqual([]);
    await hour([drop('faint', { score: 1.1 })]);
    expect(await titles()).toHaveLength(1);
  });

  test('evaluated by two backends at the same hour is told once', async () => {
    const other = start();
    await Promise.all([alerts.report([look([drop('pay')])]), other.report([look([drop('pay')])])]);
    await other.close();
    expect(await titles()).toHaveLength(1);
    expect(await alerts.incidents()).toHaveLength(1);
  });

  test('of a critical monitor reminds once a day until somebody acknowledges it, and calls', async () => {
    const critical = { importance: 'critical' as const, mention: '@here' };
    await hour([drop('pay')], critical);
    now = new Date(now.getTime() + 23 * hourMs);
    await hour([drop('pay')], critical);
    expect((await said()).map(({ title, mention }) => [title.ru.startsWith('Всё ещё'), mention])).toEqual([[false, '@here'], [true, '@here']]);
    const [incident] = await alerts.incidents();
    await alerts.decide(incident!.id, { decision: 'acknowledged' }, 'anna');
    now = new Date(now.getTime() + 30 * hourMs);
    await hour([drop('pay')], critical);
    expect(await said()).toHaveLength(2);
  });

  test('goes on under its monitor’s new name', async () => {
    await hour([drop('pay')]);
    await hour([drop('pay')], { monitor: 'all-events', formerIds: ['events'] });
    expect(await titles()).toHaveLength(1);
    expect(await alerts.incidents()).toMatchObject([{ monitor: 'all-events', state: 'ongoing' }]);
  });

  test('of a series that could not be scored stays as it is; a new level ends as absorbed, for the digest', async () => {
    await hour([drop('pay')]);
    for (let at = 0; at < 3; at++) await hour([], { unknown: ['pay'] });
    expect(await stateOf('pay')).toBe('firing');
    await hour([], { absorbed: ['pay'] });
    expect(await stateOf('pay')).toBe('absorbed');
    expect(await titles()).toHaveLength(1);
  });
});

describe('what belongs together', () => {
  test('is one message, the heaviest first, readable with 23 series', async () => {
    await hour(Array.from({ length: 5 }, (_, place) => drop(`e${place}`, { score: 2 + place })));
    const [message, ...others] = await said();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ title: { ru: '5 рядов ниже обычного', en: '5 series below the usual' } });
    expect(message!.items[0]!.name.ru).toBe('Событие e4');
  });

  test('an outage over all events is one message and one recovery, also when some join an hour later', async () => {
    const down = (count: number) => Array.from({ length: count }, (_, place) => drop(`e${place}`, { score: 2 + place / 100 }));
    await hour(down(100));
    await hour(down(129));
    await hour(down(129));
    await hour([]);
    await hour([]);
    expect(await titles()).toEqual([expect.stringContaining('Событие e99: −42 %'), expect.stringContaining('Снова в норме')]);
    expect((await said())[0]!.lines.at(-1)!.ru).toMatch(/^Вместе с этим: .* \+ 94$/);
  });

  test('a total that is down explains its events, in the same hour and later', async () => {
    const total = () => look([drop('', { title: { ru: 'Все события', en: 'All events' } })], { monitor: 'total', importance: 'critical' });
    const parents = { parents: ['total/'] };
    await alerts.report([look([drop('a', parents), drop('b', parents)]), total()]);
    now = new Date(now.getTime() + hourMs);
    await alerts.report([total(), look([drop('a', parents), drop('b', parents), drop('c', parents)])]);
    expect(await titles()).toEqual(['Все события: −42 %, с 14:00']);
    expect((await said())[0]!.lines.at(-1)!.ru).toBe('Вместе с этим: Событие a, Событие b');
  });

  test('data that is late is told instead of the drops that it makes', async () => {
    await hour([drop('a'), drop('b')], { lateSince: now });
    await hour([drop('a'), drop('c', { direction: 'up', kind: 'spike' })], { lateSince: now });
    expect(await titles()).toEqual(['Данные опаздывают: События, с 14:00', expect.stringContaining('Событие c')]);
  });

  test('a budget holds what is not critical; the rest is in the digest of the next morning, once', async () => {
    for (const series of ['a', 'b', 'c', 'd']) await hour([drop(series)], { unknown: ['a', 'b', 'c', 'd'] });
    await hour([drop('low')], { monitor: 'quiet', importance: 'low' });
    expect(await titles()).toHaveLength(2);
    const parts = { state, outbox: openOutbox(state), channels: () => [channel], now: () => now, timeZone: 'Europe/Moscow', path: () => '/a/x' };
    now = new Date('2026-11-24T05:59:00Z');
    await makeDigests(parts);
    expect(await titles()).toHaveLength(2);
    now = new Date('2026-11-24T06:00:00Z');
    await makeDigests(parts);
    await makeDigests(parts);
    const digest = (await said()).slice(2);
    expect(digest).toHaveLength(1);
    expect(digest[0]).toMatchObject({ tone: 'news', title: { ru: 'За сутки: 3 ряда вне обычного' } });
    expect(digest[0]!.items.map(({ name }) => name.ru).sort()).toEqual(['Событие c', 'Событие d', 'Событие low']);
  });
});

describe('what people say', () => {
  const pay = async () => {
    await hour([drop('pay')]);
    return (await alerts.incidents())[0]!.id;
  };

  test('muted: nothing more is told until then, not of the same trouble coming back either', async () => {
    const id = await pay();
    const until = new Date(now.getTime() + 10 * hourMs).toISOString();
    await alerts.decide(id, { decision: 'muted', until, reason: 'знаем' }, 'anna');
    await hour([drop('pay')]);
    await hour([]);
    await hour([]);
    await hour([drop('pay')]);
    expect(await titles()).toHaveLength(1);
    now = new Date(now.getTime() + 10 * hourMs);
    await hour([drop('pay')]);
    expect((await titles()).at(-1)).toMatch(/^Всё ещё: /);
    await expect(alerts.decide(id, { decision: 'muted', until: '2020-01-01T00:00:00Z' }, 'anna')).rejects.toThrow(/future/);
  });

  test('expected lasts as long as the incident, new normal closes it; detectors hear of both', async () => {
    const id = await pay();
    await alerts.decide(id, { decision: 'expected', reason: 'рассылка 1234' }, 'anna');
    await hour([drop('pay')]);
    await hour([]);
    await hour([]);
    const [expected] = await alerts.decisions('events');
    expect(expected).toMatchObject({ decision: 'expected', series: 'pay', from: '2026-11-23T11:00:00.000Z', until: '2026-11-23T14:00:00.000Z', reason: 'рассылка 1234', person: 'anna' });
    await hour([drop('pay')]);
    const [again] = await alerts.incidents({ open: true });
    expect(await alerts.decide(again!.id, { decision: 'newNormal', reason: 'новый экран' }, 'boris')).toMatchObject({ state: 'absorbed' });
    expect(await alerts.incidents({ open: true })).toEqual([]);
    expect((await alerts.decisions('events')).map(({ decision }) => decision)).toEqual(['expected', 'newNormal']);
  });

  test('a link that is cut, changed or made up leads nowhere', async () => {
    const id = await pay();
    const address = (await said())[0]!.links[0]!.address.replace('/a/', '');
    expect(await alerts.openLink(address)).toMatchObject({ id, series: 'pay' });
    for (const wrong of [address.slice(0, -1), id, `${id}.x`, address.replace(/^./, (first) => (first === '0' ? '1' : '0')), '', `${address}.x`]) await expect(alerts.openLink(wrong)).rejects.toMatchObject({ code: 'link_gone' });
    await expect(alerts.decide('nothing', { decision: 'acknowledged' }, 'anna')).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('a sparkline goes from the lowest to the highest bucket, with a dot where nothing is known', () => {
  const points = (values: (number | null)[]) => values.map((value) => ({ time: '', value, low: null, high: null }));
  expect(sparkline(points([0, null, 7, 3.5]))).toBe('▁·█▅');
  expect(sparkline(points([5, 5]))).toBe('▄▄');
  expect(sparkline([])).toBe('');
  expect([...sparkline(points(Array.from({ length: 40 }, (_, at) => at)))]).toHaveLength(14);
});
