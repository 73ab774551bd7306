import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatFault, lintCatalog } from '../../backend/catalog/index.ts';
import type { Catalog, Field, Task } from '../../backend/catalog/task.ts';
import { sourceKinds } from '../../backend/sources/index.ts';
import type { NoteOutcome } from '../../backend/zeppelin/index.ts';
import { catalogOf, emptyCatalog, importNotes, notes } from './imported.ts';

let place: Awaited<ReturnType<typeof emptyCatalog>>;
let catalog: Catalog;
let outcomes: NoteOutcome[];

beforeAll(async () => {
  place = await emptyCatalog();
  const { lines } = await importNotes([notes, '--to', place.directory, '--json']);
  outcomes = (JSON.parse(lines.join('\n')) as { notes: NoteOutcome[] }).notes;
  catalog = await catalogOf(place.directory);
});
afterAll(async () => {
  await catalog.close();
  await place.remove();
});

function taskOf(id: string): Task {
  const task = catalog.task(id);
  if (task === undefined) throw new Error(`no task ${id}; there are ${catalog.tasks().map((one) => one.id).join(', ')}`);
  return task;
}

function fieldOf(task: Task, name: string): Field | undefined {
  return task.fields.find((field) => field.name === name);
}

/** Kind, label and default of every field, as the form shows them. */
function formOf(task: Task): Record<string, unknown[]> {
  return Object.fromEntries(task.fields.map(({ name, kind, label, default: value }) => [name, [kind, label.ru, ...(value === undefined ? [] : [value])]]));
}

function bodyOf(task: Task, step: string): string {
  const found = task.steps.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`no step ${step}; there are ${task.steps.map(({ name }) => name).join(', ')}`);
  return found.template.source.replace(/-- Zeppelin: \d+\n/, '').trim();
}

function remarksOf(task: string | undefined, file?: string): string[] {
  const outcome = outcomes.find((one) => (file === undefined ? one.task === task : one.file.includes(file)));
  return (outcome?.remarks ?? []).map(({ kind, paragraph, line, text }) => [kind, paragraph, line, text.en].filter((part) => part !== undefined).join(' '));
}

test('every task that is written passes lint; the only words are that scripts are switched off', async () => {
  const faults = (await lintCatalog(place.directory, undefined, { sourceKinds })).map(formatFault);
  expect(faults.filter((fault) => !fault.includes('scripts are switched off'))).toEqual([]);
  expect(catalog.tasks().map(({ id }) => id).sort()).toEqual([
    'aktive-nutzer-nach-staedten', 'baseline-metrics', 'karty-partnera', 'karty-po-nomeram', 'names-x-quotes-step-one-on-nowhere', 'obshchie-polya-zametki', 'ochistka-kogorty', 'otchet-po-pushu', 'profili-crm',
    'retention-by-steps', 'seriktes-kartalary', 'support-by-topic', 'umsatz-je-monat', 'verlosung-fuer-gewinner',
  ]);
  expect(catalog.tasks().every(({ status }) => status === 'draft')).toBe(true);
});

test('broken files are named with what is wrong, and take no other with them', () => {
  const broken = outcomes.filter(({ broken: words }) => words !== undefined).map(({ file, broken: words }) => `${file.split('/').at(-1)}: ${words?.en}`);
  expect(broken).toHaveLength(3);
  expect(broken.join('\n')).toMatch(/not-a-note\.zpln: It is JSON but no Zeppelin note/);
  expect(broken.join('\n')).toMatch(/Недописанная_2T9BROKEN\.zpln: The file is not valid JSON/);
  expect(broken.join('\n')).toMatch(/Bad escape_2T9BADESC\.zpln: The file is not valid JSON/);
});

test('nothing that people left in a note goes further: no results, no last values', async () => {
  const files = await Promise.all(['REPORT.md', ...catalog.tasks().map(({ id }) => `tasks/${id}.sql`)].map((path) => readFile(join(place.directory, path), 'utf8')));
  for (const trace of ['+7999', 'Казань', '2026-02-28', '1990-01-01', '9001']) expect(files.join('\n')).not.toContain(trace);
});

describe('a Russian note of today’s shape', () => {
  test('has its fields with kinds, labels and defaults', () => {
    const task = taskOf('karty-partnera');
    expect(task.title.ru).toBe('Карты партнёра');
    expect(task.description.ru).toBe('Все карты партнёра, выпущенные за период. Удалённых нет. Вопросы — Анне.');
    expect(formOf(task)).toEqual({
      partner_id: ['number', 'Номер партнёра', 12],
      period: ['dateRange', 'Дата с – Дата по', { from: '2026-01-01', until: '2026-02-01' }],
      gorod: ['text', 'Город'],
      sort: ['choice', 'Порядок', 'issued_on'],
      dir: ['choice', 'Направление', 'asc'],
      strok: ['number', 'Строк', 1000],
    });
    expect(fieldOf(task, 'gorod')?.required).toBe(false);
    expect(fieldOf(task, 'sort')?.options).toEqual([
      { value: 'issued_on', label: { ru: 'по дате', en: 'по дате' }, sql: 'issued_on' },
      { value: 'card_number', label: { ru: 'по номеру', en: 'по номеру' }, sql: 'card_number' },
    ]);
  });
  test('binds values, and what may be empty is an optional clause', () => {
    expect(bodyOf(taskOf('karty-partnera'), 'karty')).toBe(
      [
        '-- партнёр: Номер партнёра',
        'SELECT card_number, issued_on, city',
        'FROM cards',
        'WHERE partner_id = {{partner_id}}',
        '  AND (issued_on >= {{period.from}} AND issued_on < {{period.until}})',
        '  [[ AND (city = {{gorod}}) ]]',
        '  AND deleted = 0',
        'ORDER BY {{sort}} {{dir}}',
        'LIMIT {{strok}}',
      ].join('\n'),
    );
  });
  test('has the place of each remark', () => {
    const remarks = remarksOf('karty-partnera');
    expect(remarks).toContainEqual(expect.stringMatching(/^changed 2 6 “Дата с” and “Дата по” became one period \(the last day is in it/));
    expect(remarks).toContainEqual(expect.stringMatching(/^changed 2 7 The field “Город” may stay empty/));
    expect(remarks).toContainEqual(expect.stringMatching(/^guessed Interpreter jdbc → source warehouse/));
  });
});

describe('an old note.json with a byte order mark', () => {
  test('makes one field of equal names, and a result of each paragraph', () => {
    const task = taskOf('otchet-po-pushu');
    expect(formOf(task)).toEqual({ partner: ['choice', 'партнёр', 12], push_id: ['number', 'push_id'] });
    expect(fieldOf(task, 'partner')?.options?.map(({ value, label }) => [value, label.ru])).toEqual([[12, 'Лента'], [40, 'Магнит'], [7, 'Пятёрочка']]);
    expect(fieldOf(task, 'partner')?.settings).toMatchObject({ scalar: 'integer' });
    expect(task.results.map(({ name, title }) => [name, title.ru])).toEqual([['po_dnyam', 'По дням'], ['kto_prochital', 'Кто прочитал']]);
  });
  test('says that an empty form must now be filled in', () => expect(remarksOf('otchet-po-pushu')).toContainEqual(expect.stringContaining('Must be filled in: «push_id»')));
});

test('an English note with moments keeps them to the second, and an empty search matches everything', () => {
  const task = taskOf('support-by-topic');
  expect(formOf(task)).toEqual({
    period: ['dateRange', 'date_from – date_to', { from: '2026-01-01', until: '2026-02-01' }],
    channel: ['choice', 'Channel', 'chat'],
    q: ['text', 'Topic contains'],
    min_contacts: ['number', 'At least', 5],
  });
  const body = bodyOf(task, 'contacts');
  expect(body).toContain("contacted_at >= toDateTime(concat(toString({{period.from}}), ' 00:00:00'))");
  expect(body).toContain("contacted_at <= toDateTime(concat(toString({{period.until}} - INTERVAL 1 DAY), ' 23:59:59'))");
  expect(body).toContain("[[ AND topic LIKE concat('%', {{q}}, '%') ]]");
});

test('checkboxes and typed lists become lists after IN, without the quotes and brackets of the note', () => {
  const task = taskOf('baseline-metrics');
  expect(formOf(task)).toEqual({ experiment: ['text', 'experiment', 'hints'], platforms: ['choices', 'Platforms', ['ios', 'android']], cities: ['choices', 'cities', [1, 2]], staff: ['list', 'staff', ['1001', '1002', '1003']] });
  const body = bodyOf(task, 'users');
  for (const clause of ['platform IN {{platforms}}', 'city_id IN {{cities}}', 'user_id NOT IN {{staff}}']) expect(body).toContain(clause);
  expect(body).not.toMatch(/FORMAT/);
  expect(fieldOf(task, 'staff')?.settings).toMatchObject({ scalar: 'integer' });
});

test('a German note: the open end of a period stays open, names come from a list', () => {
  const task = taskOf('aktive-nutzer-nach-staedten');
  expect(task.description.en).toBe('Wie viele aktive Nutzer je Stadt im Zeitraum von bis bis.');
  expect(formOf(task)).toMatchObject({ period: ['dateRange', 'Von – Bis', { from: '2026-03-01', until: '2026-04-01' }], tabelle: ['choice', 'Tabelle', 'events'] });
  expect(bodyOf(task, 'nutzer_je_stadt')).toContain('SELECT {{aufschluesselung}} AS Gruppe');
  expect(bodyOf(task, 'nutzer_je_stadt')).toContain('FROM wallet.{{tabelle}}');
  expect(bodyOf(task, 'nutzer_je_stadt')).toContain('event_on >= {{period.from}} AND event_on < {{period.until}}');
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('The field “Tabelle” took any name, now only “events”'));
});

test('an old German note with forms made by code: a program, and the options of the last run', async () => {
  const task = taskOf('verlosung-fuer-gewinner');
  expect(formOf(task)).toEqual({ stadt: ['choice', 'Stadt', 'berlin'], anzahl_gewinner: ['text', 'Anzahl Gewinner', '10'], monate: ['choices', 'Monate', ['2026-01']] });
  expect(fieldOf(task, 'stadt')?.options?.map(({ label }) => label.en)).toEqual(['Berlin', 'Köln']);
  expect(fieldOf(task, 'monate')?.options?.map(({ value }) => value)).toEqual(['2026-01', '2026-02']);
  expect(await readFile(join(place.directory, 'tasks/verlosung-fuer-gewinner.sql'), 'utf8')).toContain('-- step ziehung with python from verlosung-fuer-gewinner/ziehung.py');
  expect(await readFile(join(place.directory, 'tasks/verlosung-fuer-gewinner/ziehung.py'), 'utf8')).toContain('random.sample(namen[stadt], int(anzahl))');
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('The options of “Monate” were computed'));
});

test('a Kazakh note has Latin names and its own labels', () => {
  const task = taskOf('seriktes-kartalary');
  expect(task.title.ru).toBe('Серіктес карталары');
  expect(task.owner).toBe('aigerim@company.example');
  expect(formOf(task)).toEqual({ period: ['dateRange', 'Күні бастап – Күні дейін', { from: '2026-01-01', until: '2026-02-01' }], qala: ['choice', 'Қала', 'Алматы'] });
  expect(task.steps.map(({ name }) => name)).toEqual(['kartalar_tizimi']);
});

test('a note on SQL Server reads the source of its connection, in its own dialect', () => {
  const task = taskOf('profili-crm');
  expect(task.steps.map(({ on }) => on)).toEqual(['crm']);
  const body = bodyOf(task, 'profili');
  expect(body).toContain('SELECT TOP ({{top}}) user_id');
  expect(body).toContain('(registered_at >= {{period.from}} AND registered_at < {{period.until}})');
  expect(body).toContain("email LIKE concat('%@', {{domain}})");
  expect(formOf(task)).toMatchObject({ period: ['dateRange', 'Дата начала – конец', { from: '2026-01-01', until: '2026-02-02' }], birth_date: ['date', 'birth_date'], pol: ['choice', 'Пол', 'f'] });
});

test('Python paragraphs of one session become one program after the queries; a schedule is named', async () => {
  const task = taskOf('ochistka-kogorty');
  expect(formOf(task)).toMatchObject({ zaregistrirovany_s: ['date', 'Зарегистрированы с', '2026-01-01'], porog: ['text', 'Порог', '3'], den: ['date', 'День', '2026-03-01'] });
  const code = await readFile(join(place.directory, 'tasks/ochistka-kogorty/script.py'), 'utf8');
  expect(code.indexOf('import pandas')).toBeLessThan(code.indexOf('drop_duplicates'));
  expect(code).not.toContain('%python');
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('The schedule “0 0 9 ? * MON” is left out'));
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('The Python paragraphs (2, 3) shared one session'));
});

test('a temporary table becomes a step that later queries read; commands that write are named', () => {
  const task = taskOf('retention-by-steps');
  expect(task.steps.map(({ name, after }) => [name, after])).toEqual([['newcomers', []], ['retention', ['newcomers']], ['how_many', ['newcomers']]]);
  expect(task.results.map(({ step }) => step)).toEqual(['retention', 'how_many']);
  expect(bodyOf(task, 'retention')).toContain('FROM steps.newcomers AS newcomers LEFT JOIN events AS e');
  expect(bodyOf(task, 'how_many')).toContain('FROM steps.newcomers n');
  expect(remarksOf(task.id).filter((remark) => remark.startsWith('lost'))).toEqual(['lost 1 2 The command SET is left out: a task only reads.', 'lost 1 8 The command INSERT is left out: a task only reads.', 'lost 1 9 The command DROP is left out: a task only reads.']);
});

test('a note without a query or program makes no task, and says why of each paragraph', () => {
  const remarks = remarksOf(undefined, 'Spark playground');
  expect(remarks.filter((remark) => /The interpreter (spark|sh|angular) is not carried over/.test(remark))).toHaveLength(3);
  expect(remarks).toContain('lost No paragraph was carried over: there is no task.');
});

test('forms of the note are fields of the task, once; what cannot come along is named with its paragraph', () => {
  const task = taskOf('obshchie-polya-zametki');
  expect(formOf(task)).toEqual({ partner: ['number', 'Партнёр', 12], period: ['dateRange', 'Начало периода – Конец периода', { from: '2026-01-01', until: '2026-02-01' }] });
  expect(task.steps.map(({ name }) => name)).toEqual(['vypushcheno', 'pokazov']);
  const lost = remarksOf(task.id).filter((remark) => remark.startsWith('lost')).map((remark) => remark.slice(0, 60));
  expect(lost).toEqual([
    'lost 3 1 The paragraph was disabled and is left out.',
    'lost 4 2 The query was left out because of the form “token”.',
    'lost 5 2 Zeppelin knows no form of type “date”: only checkbo',
    'lost 6 1 The properties in parentheses after the interpreter',
  ]);
});

test('names that would end the header, begin a step or reach into objects do no harm', async () => {
  const task = taskOf('names-x-quotes-step-one-on-nowhere');
  expect(task.title.ru).toBe('names {{x}} & "quotes" -- step one on nowhere');
  expect(task.steps).toHaveLength(1);
  const body = bodyOf(task, task.steps[0]?.name ?? '');
  expect(body).toContain('[ [1, 2], [3] ] AS nested');
  expect(body).toContain("concat('it''s ', {{name}}) AS greeting");
  expect(Object.values(formOf(task)).map(([kind]) => kind)).toEqual(['text', 'choice', 'number', 'text', 'choice']);
  expect(fieldOf(task, 'city')?.options?.map(({ value }) => value)).toEqual(['Moscow', "'; DROP TABLE cards --|Kazan"]);
  expect(remarksOf(task.id).filter((remark) => remark.startsWith('lost')).map((remark) => remark.slice(0, 8))).toEqual(['lost 2 2', 'lost 3 2', 'lost 4 2', 'lost 5 2']);
  expect(await readFile(join(place.directory, 'REPORT.md'), 'utf8')).not.toContain('](http');
});

test('a long list of card numbers stays text, a year in a table’s name comes from its options', () => {
  const task = taskOf('karty-po-nomeram');
  expect(formOf(task)).toMatchObject({ nomera_kart: ['list', 'Номера карт', ['7701200001868759530', '7701200001868759531']], partnery: ['list', 'Партнёры', ['12', '40']], god: ['choice', 'Год', '2025'] });
  expect(fieldOf(task, 'nomera_kart')?.settings).toMatchObject({ scalar: 'string' });
  expect(bodyOf(task, 'razrez')).toBe('SELECT {{pole}} AS part, count() AS cards FROM cards_archive_{{god}} GROUP BY part');
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('Zeppelin swallowed the underscore'));
});

test('a month, a decimal and a dated literal; two definitions of one form are one field', () => {
  const task = taskOf('umsatz-je-monat');
  expect(formOf(task)).toEqual({ monat: ['month', 'Monat', '2026-03'], schwelle: ['number', 'schwelle', 0.25], mindestens: ['number', 'mindestens', 100], stichtag: ['date', 'stichtag', '2026-03-31'], zeit: ['text', 'zeit', '2026-03-31 10:00:00'] });
  expect(fieldOf(task, 'schwelle')?.settings).toMatchObject({ decimals: 2 });
  expect(bodyOf(task, 'umsatz')).toContain('substr(bought_at, 1, 7) = substring(toString({{monat}}), 1, 7)');
  expect(bodyOf(task, 'zeilen')).toContain('bought_on = {{stichtag}} AND ts = {{zeit}}');
  expect(remarksOf(task.id)).toContainEqual(expect.stringContaining('The form “schwelle” is defined in several ways'));
});
