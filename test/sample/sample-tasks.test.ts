import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { Catalog } from '../../backend/catalog/task.ts';
import { openForms, type Forms } from '../../backend/forms/index.ts';
import { execute, type StoredResult } from '../../backend/runs/executor.ts';
import { makePlan } from '../../backend/runs/plan.ts';
import { planted, plantedNotes } from '../../backend/sample/planted-facts.ts';
import { createSampleCompany } from '../../backend/sample/sample-company.ts';
import { openSources, type OpenSources } from '../../backend/sources/open-sources.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';
import type { FormValues } from '../../shared/form.ts';

const directory = mkdtempSync(join(tmpdir(), 'tasksheet-tasks-'));
const scale = 0.1;
const context = { zone: 'Europe/Moscow', today: '2026-11-22' };
let workbench: Workbench;
let catalog: Catalog;
let sources: OpenSources;
let forms: Forms;

beforeAll(async () => {
  workbench = await openEmbeddedWorkbench({ directory, timeZone: context.zone });
  await createSampleCompany((sql) => workbench.command(sql), { database: 'wallet', scale, today: context.today, progress: () => undefined });
  catalog = await openCatalog(fileURLToPath(new URL('../../catalog', import.meta.url)), { watch: false });
  // The other systems are tested where they run: test/sample/sample-sources.
  const own = { ...catalog, sources: () => catalog.sources().filter(({ kind }) => kind === 'workbench') };
  sources = openSources(own, { workbench, timeZone: 'Europe/Moscow', environment: {}, failed: (error) => expect.unreachable(String(error)) });
  forms = openForms({ sources, loadedUntil: async () => '2026-11-21T23:59:59+03:00' });
});
afterAll(async () => {
  await sources.close();
  await catalog.close();
  await workbench.close();
  rmSync(directory, { recursive: true, force: true });
});

let count = 0;
async function run(id: string, values: FormValues): Promise<{ dataAsOf: string | null; results: Record<string, StoredResult> }> {
  const task = catalog.task(id)!;
  const { resolved } = await forms.check(task, values, { person: { id: 'anna@company.example' }, context });
  count += 1;
  const outcome = await execute(makePlan(task, resolved, { sources, context, personal: true }), { workbench, sources, kinds: new Map(), timeZone: context.zone }, { executionId: `run-${count}`, signal: AbortSignal.timeout(60_000), progress: () => undefined });
  return { dataAsOf: outcome.dataAsOf, results: Object.fromEntries(outcome.results.map((result) => [result.name, result])) };
}
async function rowsOf(result: StoredResult): Promise<unknown[][]> {
  const stream = await workbench.stream(result.table, { format: 'JSONCompactEachRow' }, AbortSignal.timeout(60_000));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  const text = Buffer.concat(chunks).toString('utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as unknown[]);
}

const allTime = { from: '2020-01-01', until: '2026-11-22' };

describe('the sample tasks on the sample company', () => {
  it('keep what their examples promise', async () => {
    // Those about our own data need people and runs: test/own-data.
    for (const task of catalog.tasks().filter(({ kind, steps }) => kind === 'query' && steps.every(({ on }) => ['warehouse', 'workbench'].includes(on))))
      for (const { values, expect: promised } of task.examples) {
        const first = Object.values((await run(task.id, values)).results)[0]!;
        if (promised.rows !== undefined) expect([task.id, first.table.rows]).toEqual([task.id, promised.rows]);
        expect(first.table.rows).toBeGreaterThanOrEqual(promised.rowsAtLeast ?? 0);
        if (promised.columns !== undefined) expect(first.columns.map(({ name }) => name)).toEqual(promised.columns);
      }
  });

  it("export all of Лента's live cards with every column, text as it is", async () => {
    const { results, dataAsOf } = await run('partner-cards', { partner: 12, issued: allTime, columns: ['number', 'issued', 'barcode', 'kind', 'city', 'note', 'user'] });
    expect(dataAsOf).toBe('2026-11-21T23:59:59+03:00');
    expect(results['result']?.table.rows).toBe((planted.lentaCards - planted.lentaDeletedCards) * scale);
    expect(results['result']?.columns.map(({ title, type }) => [title.ru, type])).toEqual([['Номер карты', 'code'], ['Дата выпуска', 'date'], ['Штрихкод', 'code'], ['Вид карты', 'text'], ['Город', 'text'], ['Примечание', 'text'], ['Пользователь', 'code']]);
    const notes = (await rowsOf(results['result']!)).map((row) => row[5]).filter((note) => note !== '');
    expect(notes.sort()).toEqual([...plantedNotes].sort());
  });

  it('narrow the export to the cities of a list', async () => {
    const all = await run('partner-cards', { partner: 12, issued: allTime, columns: ['city'] });
    const two = await run('partner-cards', { partner: 12, issued: allTime, columns: ['city'], cities: ['Москва', 'Казань'] });
    const cities = new Set((await rowsOf(two.results['result']!)).map(([city]) => city));
    expect([...cities].sort()).toEqual(['Казань', 'Москва']);
    expect(two.results['result']!.table.rows).toBeLessThan(all.results['result']!.table.rows);
  });

  it('export plastic cards issued before the connection', async () => {
    const issued = await forms.defaultFromQuery(catalog.task('plastic-cards')!, 'issued', { partner: planted.lentaId }, { person: { id: 'anna' }, context });
    const { results } = await run('plastic-cards', { partner: planted.lentaId, issued: issued! });
    const rows = await rowsOf(results['result']!);
    const last = rows.map(([, , day]) => String(day)).sort().at(-1)!;
    expect(rows.length).toBeGreaterThan(100);
    expect(last < '2026-07-25').toBe(true);
    expect(rows.every(([number, barcode]) => /^\d{19}$/.test(String(number)) && /^0{3}\d{10}$/.test(String(barcode)))).toBe(true);
  });

  it('report the planted push by day and by card', async () => {
    const { results } = await run('push-report', { partner: planted.lentaId, push: planted.push.id });
    const days = await rowsOf(results['summary']!);
    const sum = (column: number) => days.reduce((total, row) => total + Number(row[column]), 0);
    expect([sum(1), sum(2), sum(3)]).toEqual([planted.push.sent * scale, planted.push.received * scale, planted.push.read * scale]);
    expect(days[0]?.[0]).toBe('2026-11-15');
    const cards = await rowsOf(results['list']!);
    expect(cards).toHaveLength(planted.push.sent * scale);
    expect(cards.filter((row) => row[3] !== null)).toHaveLength(planted.push.read * scale);
    expect(results['list']?.title).toEqual({ ru: 'По номерам карт', en: 'By card number' });
  });

  it('recount the metric with and without a breakdown and filters', async () => {
    const whole = await rowsOf((await run('metric-recount', { period: 'last30days', action: 'card_scan', times: 1, breakdown: 'none' })).results['result']!);
    const bySex = await rowsOf((await run('metric-recount', { period: 'last30days', action: 'card_scan', times: 1, breakdown: 'sex' })).results['result']!);
    expect(whole).toHaveLength(1);
    expect(bySex.map(([part]) => part).sort()).toEqual(['женский', 'мужской', 'неизвестно']);
    expect(bySex.reduce((total, row) => total + Number(row[1]), 0)).toBe(Number(whole[0]?.[1]));
    const young = await rowsOf((await run('metric-recount', { period: 'last30days', action: 'card_scan', times: 1, breakdown: 'none', narrow: true, age: { from: 14, until: 30 }, sex: ['f'], since: '2026-10-01' })).results['result']!);
    expect(Number(young[0]?.[1])).toBeGreaterThan(0);
    expect(Number(young[0]?.[1])).toBeLessThan(Number(whole[0]?.[1]) / 2);
  });

  it('refuse a period that is not loaded where the task needs it whole', async () => {
    await expect(run('metric-recount', { period: 'thisWeek', action: 'card_scan', times: 1, breakdown: 'none' })).rejects.toMatchObject({ code: 'invalid_values', fields: { period: { ru: expect.stringContaining('Данные загружены по') as string } } });
  });

  it('find cards by a pasted list, a repeated number with both of its cards', async () => {
    const magnit = await rowsOf((await run('partner-cards', { partner: planted.duplicateBrandId, issued: allTime, columns: ['number'] })).results['result']!);
    const numbers = magnit.map(([number]) => String(number));
    const twice = numbers.find((number, place) => numbers.indexOf(number) !== place)!;
    const { results } = await run('cards-by-ids', { numbers: [twice, ` ${twice} `, '', numbers.find((number) => number !== twice)!] });
    const rows = await rowsOf(results['result']!);
    expect(rows.filter(([number]) => number === twice)).toHaveLength(2);
    expect(new Set(rows.map((row) => row[1]))).toEqual(new Set(['Магнит']));
  });
});
