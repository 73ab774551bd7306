import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleBrands } from '../../backend/sample/brands.ts';
import { planted, plantedNotes } from '../../backend/sample/planted-facts.ts';
import { createSampleCompany, sampleMarker } from '../../backend/sample/sample-company.ts';
import type { LocalText } from '../../shared/language.ts';

const today = '2026-11-22';
const tables = ['users', 'brands', 'cards', 'events', 'pushes', 'push_deliveries', 'unsubscribes', 'support_contacts'];
const directory = mkdtempSync(join(tmpdir(), 'tasksheet-sample-'));
const session = new Session(directory);
const said: { done: number; of: number; words: LocalText }[] = [];

async function rows(sql: string): Promise<unknown[][]> {
  const answer = await session.queryAsync(sql, { format: 'JSONCompactEachRow' });
  const text = answer.text().trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as unknown[]);
}
const one = async (sql: string) => (await rows(sql))[0];
async function make(scale: number, day = today): Promise<void> {
  const command = async (sql: string) => void (await session.queryAsync(sql));
  await createSampleCompany(command, { database: 'wallet', scale, today: day, progress: (done, of, words) => said.push({ done, of, words }) });
}
async function checksums(): Promise<unknown[]> {
  return Promise.all(tables.map(async (table) => [table, await one(`SELECT count(), toString(sum(cityHash64(*))) FROM wallet.${table}`)]));
}

beforeAll(() => make(1));
afterAll(() => {
  session.cleanup();
  rmSync(directory, { recursive: true, force: true });
});

describe('the sample company at full size', () => {
  it('has the people, brands, cards and events that were promised', async () => {
    const counts = await Promise.all(tables.map((table) => one(`SELECT count() FROM wallet.${table}`)));
    expect(Object.fromEntries(tables.map((table, place) => [table, counts[place]?.[0]]))).toMatchObject({
      users: 100_000,
      brands: 60,
      cards: 400_000,
      events: 5_000_000,
      unsubscribes: 6_000,
      support_contacts: 9_000,
    });
  });

  it('ends the evening before today and says so in every table', async () => {
    for (const table of tables) expect(await one(`SELECT max(loaded_at), toTypeName(any(loaded_at)) FROM wallet.${table}`)).toEqual(['2026-11-21 23:59:59', "DateTime('Europe/Moscow')"]);
    expect(await one('SELECT min(event_on), max(event_on) FROM wallet.events')).toEqual(['2026-05-24', '2026-11-21']);
    expect(await one('SELECT countIf(read_at > loaded_at OR received_at > loaded_at OR read_at < received_at OR received_at < sent_at) FROM wallet.push_deliveries')).toEqual([0]);
  });

  it('has nobody who acts before they registered', async () => {
    for (const [table, at] of [['cards', 'issued_at'], ['events', 'event_time'], ['unsubscribes', 'unsubscribed_at'], ['support_contacts', 'contacted_at']])
      expect([table, await one(`SELECT count() FROM wallet.${table} AS acts INNER JOIN wallet.users AS users ON users.user_id = acts.user_id WHERE users.registered_at > acts.${at}`)]).toEqual([table, [0]]);
  });

  it('writes card numbers with nineteen digits and barcodes with leading zeros', async () => {
    expect(await one(`SELECT countIf(NOT match(card_number, '^\\\\d{19}$')), countIf(NOT match(barcode, '^000\\\\d{10}$')) FROM wallet.cards`)).toEqual([0, 0]);
  });

  it('plants the cards of Лента, a brand without cards and numbers that stand twice', async () => {
    expect(await one(`SELECT name, connected_on FROM wallet.brands WHERE partner_id = ${planted.lentaId}`)).toEqual(['Лента', '2026-07-25']);
    expect(await one(`SELECT count(), countIf(deleted), uniqExact(user_id) FROM wallet.cards WHERE partner_id = ${planted.lentaId}`)).toEqual([30_000, 1_500, 30_000]);
    expect(await one(`SELECT count() FROM wallet.cards WHERE partner_id = ${planted.emptyBrandId}`)).toEqual([0]);
    expect(await rows('SELECT partner_id, count() FROM (SELECT any(partner_id) AS partner_id, card_number FROM wallet.cards GROUP BY card_number HAVING count() > 1) GROUP BY partner_id')).toEqual([[planted.duplicateBrandId, planted.duplicateCards]]);
    expect(await one(`SELECT count() FROM wallet.cards AS cards INNER JOIN wallet.brands AS brands ON brands.partner_id = cards.partner_id WHERE kind = 'digital' AND (connected_on IS NULL OR issued_on < connected_on)`)).toEqual([0]);
  });

  it('has potential partners, and names that are hard on files and searches', async () => {
    expect(await one('SELECT countIf(connected_on IS NULL) FROM wallet.brands')).toEqual([sampleBrands.filter((brand) => brand.connectedDaysAgo === null).length]);
    expect((await rows('SELECT name, note FROM wallet.brands ORDER BY partner_id')).map(([name, note]) => [name, note])).toEqual(sampleBrands.map(({ name, note }) => [name, note ?? '']));
    const notes = await rows(`SELECT note FROM wallet.cards WHERE note != ''`);
    expect(notes.map(([note]) => note).sort()).toEqual([...plantedNotes].sort());
  });

  it('plants a push with an exact funnel', async () => {
    expect(await one(`SELECT count(), count(received_at), count(read_at), any(sent_at) FROM wallet.push_deliveries WHERE push_id = ${planted.push.id}`)).toEqual([
      planted.push.sent,
      planted.push.received,
      planted.push.read,
      '2026-11-15 12:00:00',
    ]);
  });

  it('plants an hour without events, and no other', async () => {
    const silent = await rows(`SELECT toString(hour) FROM (SELECT toDateTime('2026-05-24 00:00:00', 'Europe/Moscow') + toIntervalHour(number) AS hour FROM numbers(4368)) WHERE hour NOT IN (SELECT DISTINCT toStartOfHour(event_time) FROM wallet.events)`);
    expect(silent).toEqual([['2026-11-02 14:00:00']]);
  });

  it('plants failing scans and lost clicks', async () => {
    const hours = await rows(`SELECT toHour(event_time) AS hour, countIf(event_name = 'barcode_error') AS errors FROM wallet.events WHERE event_on = '2026-11-12' GROUP BY hour HAVING errors > 100 ORDER BY hour`);
    expect(hours.map(([hour]) => hour)).toEqual([18, 19]);
    expect(await one(`SELECT countIf(toHour(event_time) BETWEEN 10 AND 15), countIf(toHour(event_time) NOT BETWEEN 10 AND 15) > 100 FROM wallet.events WHERE event_on = '2026-10-20' AND event_name = 'offer_click'`)).toEqual([0, 1]);
  });

  it('follows hours, weekdays and holidays', async () => {
    const [night, evening] = (await one(`SELECT toUInt32(countIf(toHour(event_time) = 3)), toUInt32(countIf(toHour(event_time) = 18)) FROM wallet.events`)) as number[];
    expect(evening).toBeGreaterThan(10 * (night ?? 0));
    const [monday, saturday] = (await one(`SELECT countIf(toDayOfWeek(event_on) = 1) / 26., countIf(toDayOfWeek(event_on) = 6) / 26. FROM wallet.events`)) as number[];
    expect(saturday).toBeGreaterThan(1.2 * (monday ?? 0));
    const [holiday, usual] = (await one(`SELECT countIf(event_on = '2026-06-12'), countIf(event_on = '2026-06-19') FROM wallet.events WHERE toHour(event_time) = 18`)) as number[];
    expect(holiday).toBeLessThan(0.8 * (usual ?? 0));
  });

  it('leaves some things unknown', async () => {
    const shares = (await one('SELECT countIf(sex IS NULL) / count(), countIf(birth_year IS NULL) / count(), countIf(city IS NULL) / count(), countIf(platform IS NULL) / count() FROM wallet.users')) as number[];
    expect(shares.map((share) => Math.round(share * 100))).toEqual([10, 15, 8, 5]);
  });

  it('tells how far it is, from nothing to all, in words', () => {
    expect(said[0]?.done).toBe(0);
    expect(said.at(-1)?.done).toBe(said.at(-1)?.of);
    expect(said.every((step, place) => place === 0 || step.done >= (said[place - 1]?.done ?? 0))).toBe(true);
    expect(new Set(said.map(({ words }) => words.ru)).size).toBeGreaterThan(5);
  });

  it('marks its completion last', async () => {
    expect(await one(`SELECT today, scale FROM wallet.${sampleMarker.table}`)).toEqual([today, 1]);
  });
});

describe('the sample company made small', () => {
  it('is the same every time, and another for another day', async () => {
    await make(0.05);
    const first = await checksums();
    await make(0.05);
    expect(await checksums()).toEqual(first);
    await make(0.05, '2026-03-01');
    expect(await checksums()).not.toEqual(first);
    expect(await one('SELECT max(event_on) FROM wallet.events')).toEqual(['2026-02-28']);
  });

  it('keeps the planted facts to scale', async () => {
    await make(0.1);
    expect(await one(`SELECT count(), countIf(deleted) FROM wallet.cards WHERE partner_id = ${planted.lentaId}`)).toEqual([3_000, 150]);
    expect(await one(`SELECT count(), count(received_at), count(read_at) FROM wallet.push_deliveries WHERE push_id = ${planted.push.id}`)).toEqual([1_000, 860, 258]);
    expect(await one('SELECT count() FROM wallet.events')).toEqual([500_000]);
  });

  it.each([['2026-13-01', 1], ['yesterday', 1], ["2026-01-01'; DROP TABLE x --", 1], [today, 0], [today, 11], [today, Number.NaN]])('refuses today %s with scale %s before anything is dropped', async (day, scale) => {
    await expect(make(scale, day)).rejects.toThrow(RangeError);
    expect(await one('SELECT count() FROM wallet.events')).toEqual([500_000]);
  });
});
