import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { Catalog, Task } from '../../backend/catalog/task.ts';
import { openForms, type Forms } from '../../backend/forms/index.ts';
import { planted } from '../../backend/sample/planted-facts.ts';
import { createSampleCompany } from '../../backend/sample/sample-company.ts';
import { catalogRules } from '../../backend/kinds.ts';
import { builtInLanguages, openSources, type OpenSources } from '../../backend/sources/open-sources.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';
import { maria } from './form-example.ts';

const directory = mkdtempSync(join(tmpdir(), 'tasksheet-forms-'));
const oleg = { ...maria, person: { id: 'oleg@company.example' } };
let workbench: Workbench;
let catalog: Catalog;
let examples: Catalog;
let sources: OpenSources;
let forms: Forms;
let clock = 0;

/** Fields that the sample catalog has no use for. */
const exampleTask = `/*
title: { ru: Пример, en: Example }
description: { ru: Пример., en: An example. }
group: exports
owner: anna@company.example
form:
  card:
    kind: choice
    label: { ru: Карта, en: Card }
    required: false
    options: { on: warehouse, sql: "SELECT card_number AS value, card_number AS label FROM cards ORDER BY card_number" }
  asked:
    kind: choice
    label: { ru: Карта по началу номера, en: Card by its beginning }
    required: false
    options: { on: warehouse, sql: "SELECT DISTINCT card_number AS value FROM cards WHERE 1 [[ AND startsWith(card_number, {{search}}) ]] ORDER BY value" }
  brand: { kind: choice, label: { ru: Бренд, en: Brand }, required: false, scalar: integer, options: { on: warehouse, sql: "SELECT partner_id AS value, name AS label FROM brands [[ WHERE category = {{category}} ]] ORDER BY partner_id" } }
  category: { kind: text, label: { ru: Категория, en: Category }, required: false }
  people: { kind: list, label: { ru: Люди, en: People }, required: false, known: { on: warehouse, sql: "SELECT user_id FROM users" } }
  broken: { kind: choice, label: { ru: Сломано, en: Broken }, required: false, options: { on: warehouse, sql: "SELECT name FROM brands" } }
  day: { kind: date, label: { ru: День, en: Day }, required: false, default: { on: warehouse, sql: "SELECT max(event_on) FROM events" } }
*/
-- step one on warehouse
SELECT 1 WHERE 1 [[ AND 1 = {{brand}} ]] [[ AND '' = {{card}} ]] [[ AND '' = {{asked}} ]] [[ AND '' = {{category}} ]] [[ AND '' = {{broken}} ]] [[ AND today() = {{day}} ]] [[ AND '1' IN {{people}} ]]
`;

beforeAll(async () => {
  const folder = join(directory, 'catalog');
  mkdirSync(join(folder, 'tasks'), { recursive: true });
  writeFileSync(join(folder, 'sources.yaml'), 'warehouse: { kind: workbench, database: wallet }\n');
  writeFileSync(join(folder, 'access.yaml'), 'roles:\n  analyst: { may: [run], groups: all }\npeople:\n  anna@company.example: analyst\n');
  writeFileSync(join(folder, 'tasks', 'example.sql'), exampleTask);
  workbench = await openEmbeddedWorkbench({ directory: join(directory, 'data'), timeZone: 'Europe/Moscow' });
  await createSampleCompany((sql) => workbench.command(sql), { database: 'wallet', scale: 0.3, today: '2026-11-22', progress: () => undefined });
  catalog = await openCatalog(fileURLToPath(new URL('../../catalog', import.meta.url)), { watch: false, ...catalogRules, builtInSources: builtInLanguages({}) });
  examples = await openCatalog(folder, { watch: false });
  expect(examples.faults()).toEqual([]);
  // The other systems are tested where they run: test/sample/sample-sources.
  const own = { ...catalog, sources: () => catalog.sources().filter(({ kind }) => kind === 'workbench') };
  sources = openSources(own, { workbench, timeZone: 'Europe/Moscow', environment: {}, failed: (error) => expect.unreachable(String(error)) });
  forms = openForms({ sources, loadedUntil: async () => '2026-11-21T23:59:59+03:00', now: () => clock });
});
afterAll(async () => {
  await sources.close();
  await Promise.all([catalog.close(), examples.close()]);
  await workbench.close();
  rmSync(directory, { recursive: true, force: true });
});

const task = (id: string): Task => catalog.task(id)!;
const example = (): Task => examples.task('example')!;
const labels = async (of: Task, field: string, search: string, values = {}) => (await forms.options(of, field, { search, values }, maria)).options.map(({ label }) => label.ru);
async function cardNumbers(count: number): Promise<string[]> {
  const read = await sources.get('warehouse')!.select(
    { name: 'numbers', sql: `SELECT DISTINCT card_number FROM cards ORDER BY card_number LIMIT ${count}`, parameters: {}, steps: {} },
    { queryId: 'numbers-1', limits: { timeSeconds: 30, rows: 1_000_000, memoryBytes: 1e9 }, signal: AbortSignal.timeout(30_000) },
  );
  return read.rows.map((row) => String(row[0]));
}

describe('options from a query', () => {
  it('are found by whatever a person types', async () => {
    for (const typed of ['лента', 'lenta', 'лнета', 'ktynf']) expect(await labels(task('partner-cards'), 'partner', typed)).toContain('Лента');
    expect((await forms.options(task('partner-cards'), 'partner', { values: {} }, maria)).options).toHaveLength(60);
  });

  it("depend on another field: a partner's pushes, newest first", async () => {
    const { options, more } = await forms.options(task('push-report'), 'push', { values: { partner: planted.lentaId } }, maria);
    expect(options[0]).toEqual({ value: planted.push.id, label: { ru: '15.11.2026 · Лента: −30 % на всё для школы 🎒 до конца недели', en: '15.11.2026 · Лента: −30 % на всё для школы 🎒 до конца недели' }, hint: 'отправлен 15.11.2026 в 12:00' });
    expect(options.length).toBeGreaterThan(3);
    expect(more).toBe(false);
    expect(await labels(task('push-report'), 'push', '', { partner: 1 })).not.toContain(options[0]?.label.ru);
  });

  it('are none while a field that they need is empty or wrong, and all where it is optional', async () => {
    for (const values of [{}, { partner: null }, { partner: '' }, { partner: ['12'] }]) expect(await labels(task('push-report'), 'push', '', values)).toEqual([]);
    expect(await labels(example(), 'brand', '')).toHaveLength(60);
    expect(await labels(example(), 'brand', '', { category: 'Кино' })).toEqual(['Кинолюкс']);
    expect(await labels(example(), 'brand', '', { category: "' OR 1=1 --" })).toEqual([]);
  });

  it('show a hundred and say that there are more', async () => {
    const { options, more } = await forms.options(example(), 'card', { values: {} }, maria);
    expect([options.length, more]).toEqual([100, true]);
  });

  it('may search in the query itself, with the text bound', async () => {
    const [first] = await cardNumbers(1);
    expect(await labels(example(), 'asked', first!)).toEqual([first]);
    expect(await labels(example(), 'asked', "' OR 1=1 --")).toEqual([]);
    expect(await labels(example(), 'asked', '')).toHaveLength(100);
  });

  it('are held for a minute for one person, and read anew after it', async () => {
    const values = { category: 'Новинки' };
    expect(await labels(example(), 'brand', '', values)).toEqual([]);
    await workbench.command("INSERT INTO wallet.brands SELECT 61, 'Новый', 'Новинки', NULL, '', now()");
    clock += 59_000;
    expect(await labels(example(), 'brand', '', values)).toEqual([]);
    expect((await forms.options(example(), 'brand', { values }, oleg)).options).toHaveLength(1);
    clock += 2_000;
    expect(await labels(example(), 'brand', '', values)).toEqual(['Новый']);
    await workbench.command('DELETE FROM wallet.brands WHERE partner_id = 61');
    clock += 61_000;
  });

  it('without a column value are a fault that names the field', async () => {
    await expect(forms.options(example(), 'broken', { values: {} }, maria)).rejects.toMatchObject({ code: 'query_failed', text: { ru: expect.stringContaining('«Сломано»') as string } });
  });

  it('are not lost for good when the engine fails once', async () => {
    await workbench.command('RENAME TABLE wallet.brands TO wallet.brands_away');
    await expect(forms.options(task('cards-by-ids'), 'partner', { values: {} }, maria)).rejects.toMatchObject({ code: 'query_failed' });
    await workbench.command('RENAME TABLE wallet.brands_away TO wallet.brands');
    expect(await labels(task('cards-by-ids'), 'partner', 'лента')).toContain('Лента');
  });
});

describe('checking values against queries', () => {
  const good = { partner: '12', issued: 'lastMonth', columns: ['issued', 'number'] };

  it('takes an option by its written value and says it by label', async () => {
    const checked = await forms.check(task('partner-cards'), good, maria);
    expect(checked.resolved).toEqual({ partner: 12, issued: { from: '2026-10-01', until: '2026-11-01' }, columns: ['number', 'issued'] });
    expect(checked.words.map(({ text }) => text.ru)).toEqual(['Лента', 'октябрь 2026', 'Номер карты, Дата выпуска']);
  });

  it.each([999, '12 OR 1=1', "' OR 1=1 --", '', 1e300, '12.0', '９'])('refuses the partner %j', async (partner) => {
    const { problems } = await forms.examine(task('partner-cards'), { ...good, partner }, maria);
    expect(Object.keys(problems)).toEqual(['partner']);
  });

  it("refuses another partner's push", async () => {
    expect((await forms.examine(task('push-report'), { partner: planted.lentaId, push: planted.push.id }, maria)).problems).toEqual({});
    expect((await forms.examine(task('push-report'), { partner: 1, push: planted.push.id }, maria)).problems['push']?.ru).toContain('Нет такого варианта');
    expect((await forms.examine(task('push-report'), { partner: 999, push: planted.push.id }, maria)).problems['push']?.ru).toContain('Сначала заполните поле «Партнёр»');
  });

  it('knows options beyond the ten thousand that it holds', async () => {
    const numbers = await cardNumbers(20_000);
    const last = numbers[19_999]!;
    expect((await forms.examine(example(), { card: last }, maria)).resolved).toMatchObject({ card: last });
    expect((await forms.examine(example(), { card: `${last}0` }, maria)).problems['card']?.en).toContain('no such option');
    expect(await labels(example(), 'card', last)).toEqual([last]);
  });
});

describe('a list against what is known', () => {
  it('finds the 17 unknown of a hundred thousand with repeats and blanks', async () => {
    const known = await cardNumbers(99_983);
    const unknown = Array.from({ length: 17 }, (_, place) => (place === 0 ? "' OR 1=1 --" : `номер-${place}`));
    const numbers = ['', ...known, ...known.slice(0, 5_000), ' ', ...unknown, ...unknown];
    const asked = await forms.examine(task('cards-by-ids'), { numbers }, maria);
    expect(asked.unknown).toEqual({ numbers: unknown });
    expect(asked.problems['numbers']?.ru).toMatch(/^Не нашли 17 из 100\s000: ' OR 1=1 --, номер-1/);
    await expect(forms.check(task('cards-by-ids'), { numbers }, maria)).rejects.toMatchObject({ code: 'invalid_values', unknown: { numbers: unknown } });
    const left = await forms.check(task('cards-by-ids'), { numbers }, { ...maria, unknown: 'leaveOut' });
    expect(left.resolved['numbers']).toEqual(known);
    const kept = await forms.check(task('cards-by-ids'), { numbers }, { ...maria, unknown: 'keep' });
    expect(kept.resolved['numbers']).toHaveLength(100_000);
  });

  it('leaves no empty question when nothing of the list is known', async () => {
    const { problems } = await forms.examine(task('cards-by-ids'), { numbers: ['a', 'b'] }, { ...maria, unknown: 'leaveOut' });
    expect(problems['numbers']?.ru).toContain('Ни одна запись не найдена');
  });

  it('compares numbers as numbers', async () => {
    const { unknown } = await forms.examine(example(), { people: ['1', '0002', '-5', 'x', '99999999999999999999', '1.5'] }, maria);
    expect(unknown).toEqual({ people: ['-5', 'x', '99999999999999999999', '1.5'] });
  });
});

describe('a value that a query gives the form to open with', () => {
  const opens = (partner: unknown) => forms.defaultFromQuery(task('plastic-cards'), 'issued', { partner: partner as number }, maria);

  it('is all the time before the partner was connected', async () => {
    expect(await opens(planted.lentaId)).toMatchObject({ until: '2026-07-25' });
    expect((await forms.options(task('plastic-cards'), 'issued', { values: { partner: '12' } }, maria)).default).toMatchObject({ until: '2026-07-25' });
  });

  it('ends yesterday for a partner that is not connected, and spans a year where there is no card', async () => {
    expect(await opens(41)).toMatchObject({ until: '2026-11-22' });
    expect(await opens(planted.emptyBrandId)).toEqual({ from: '2025-11-20', until: '2026-11-20' });
  });

  it('is none while the partner is empty or unknown', async () => {
    expect(await opens(null)).toBeUndefined();
    expect(await opens(999)).toBeUndefined();
  });

  it('may be a day, and a field without such a query has none', async () => {
    expect(await forms.defaultFromQuery(example(), 'day', {}, maria)).toBe('2026-11-21');
    expect(await forms.defaultFromQuery(example(), 'category', {}, maria)).toBeUndefined();
  });
});

describe('the sample catalog', () => {
  it('has no faults', () => {
    expect(catalog.faults()).toEqual([]);
    expect(catalog.tasks().map(({ id }) => id)).toEqual(expect.arrayContaining(['cards-by-ids', 'metric-recount', 'partner-cards', 'plastic-cards', 'push-report']));
  });

  it('has examples whose values pass the check', async () => {
    const asksOwnTables = ({ fields }: Task): boolean => fields.every(({ kind }) => kind !== 'cohort' && kind !== 'file');
    for (const one of catalog.tasks().filter(asksOwnTables))
      for (const { values } of one.examples) expect([one.id, (await forms.examine(one, values, maria)).problems]).toEqual([one.id, {}]);
  });
});
