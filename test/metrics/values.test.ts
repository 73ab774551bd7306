import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { Catalog } from '../../backend/catalog/task.ts';
import { openMetricValues, type MetricAnswer, type MetricValues } from '../../backend/metrics/index.ts';
import { openSources, type OpenSources } from '../../backend/sources/open-sources.ts';
import type { Source } from '../../backend/sources/source.ts';
import { scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';

const metric = (type: string, sql: string) => `/*\ntitle: { ru: Показатель, en: Metric }\ntype: ${type}\ngood: up\n*/\n${sql}\n`;
const files = {
  'metrics/visits.sql': metric('count', '-- step facts on warehouse\nSELECT user_id, at AS time, 1 AS value, city, plan FROM visits'),
  'metrics/visitors.sql': metric('share', '-- step facts on warehouse\nSELECT user_id, at AS time, 1 AS value, city, plan FROM visits'),
  'metrics/spent.sql': metric('mean', '-- step facts on warehouse\nSELECT user_id, at AS time, spent AS value, city FROM visits'),
  'metrics/receipt.sql': metric('ratio', '-- step facts on warehouse\nSELECT user_id, toDate(at) AS time, spent AS value, 1 AS denominator, city AS day FROM visits'),
  'metrics/twice.sql': metric('count', '-- step some on warehouse\nSELECT user_id, at, city FROM visits\n-- step facts on workbench\nSELECT user_id, at AS time, 1 AS value, city FROM steps.some UNION ALL SELECT user_id, at, 1, city FROM steps.some'),
  'metrics/shapeless.sql': metric('mean', '-- step facts on warehouse\nSELECT user_id, at AS time FROM visits'),
  'metrics/failing.sql': metric('mean', "-- step facts on warehouse\nSELECT user_id, at AS time, throwIf(user_id > 0, 'no luck') AS value FROM visits"),
  'sources.yaml': 'warehouse: { kind: workbench, database: wallet }\n',
  'access.yaml': 'roles:\n  analyst: { may: [run], groups: all }\npeople:\n  anna@company.example: analyst\n',
};

let directory: string;
let scratch: ScratchEngine;
let catalog: Catalog;
let sources: OpenSources;
let selects: string[];
let clock = 0;
let values: MetricValues;

beforeAll(async () => {
  scratch = await scratchEngine();
  const { workbench } = scratch;
  await workbench.command('CREATE DATABASE wallet');
  await workbench.command("CREATE TABLE wallet.visits (user_id UInt32, at DateTime('UTC'), spent Nullable(Float64), city LowCardinality(Nullable(String)), plan UInt8) ENGINE = MergeTree ORDER BY at");
  // 21:30 UTC is half past midnight of the next day in Moscow.
  await workbench.command(`INSERT INTO wallet.visits VALUES
    (1, '2026-09-30 21:30:00', 100, 'Тверь', 1), (1, '2026-10-05 10:00:00', 50, 'Тверь', 1), (2, '2026-10-05 11:00:00', NULL, 'Москва', 2), (2, '2026-10-31 20:59:59', 10, 'Москва', 2),
    (3, '2026-10-31 21:00:00', 7, 'O''Нил; \\\\x', 2), (1, '2026-11-02 10:00:00', 1, NULL, 1)`);
  directory = await mkdtemp(join(tmpdir(), 'tasksheet-metrics-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  catalog = await openCatalog(directory, { watch: false });
  expect(catalog.faults().filter((fault) => fault.file.startsWith('metrics'))).toEqual([]);
  sources = openSources(catalog, { workbench, timeZone: 'Europe/Moscow', environment: {}, failed: (error) => expect(error).toBeUndefined() });
  selects = [];
  const counted = new Map([...sources].map(([name, source]): [string, Source] => [name, { ...source, select: (step, context) => (selects.push(step.name), source.select(step, context)) }]));
  values = openMetricValues({ catalog, sources: counted, workbench, timeZone: 'Europe/Moscow', today: () => '2026-11-23', now: () => clock });
});
afterAll(async () => {
  await sources?.close();
  await catalog?.close();
  await scratch?.close();
  await rm(directory, { recursive: true, force: true });
});

const shown = (answer: MetricAnswer | undefined) => (answer === undefined ? undefined : 'problem' in answer ? `${answer.problem.code}: ${answer.problem.text.ru}` : answer.values.length === 1 && answer.values[0]?.length === 1 ? answer.values[0][0] : answer.values);
const ask = async (...call: unknown[]) => {
  clock += 1_000_000;
  return shown((await values.answer([call]))[0]);
};

describe('a metric in a cell', () => {
  test.each([
    ['visits in October of the company’s time zone', ['visits', '2026-10'], 4],
    ['the same by a word', ['visits', 'lastMonth'], 4],
    ['the same in Russian', ['visits', 'Прошлый месяц'], 4],
    ['the same by two dates of the sheet', ['visits', [[46296], ['31.10.2026']]], 4],
    ['one day by its number', ['visits', 46300], 2],
    ['a year', ['visits', '2026'], 6],
    ['a span of days, both included', ['visits', '2026-10-05..2026-11-01'], 4],
    ['distinct users, who are not added up over days', ['visitors', '2026-10'], 2],
    ['the sum of values', ['spent', '2026-10'], 160],
    ['a ratio', ['receipt', '2026-10-05..2026-11-01', null, 'day', 'Москва'], 10 / 2],
    ['one filter', ['visits', '2026-10', null, 'city', 'Тверь'], 2],
    ['any of several values, users once', ['visitors', '2026', null, 'city', [['Тверь', 'Москва']]], 2],
    ['two filters, one by a number', ['visits', '2026-10', '', 'city', 'Москва', 'plan', 2], 2],
    ['filters in another order', ['visits', '2026-10', '', 'plan', 2, 'city', 'Москва'], 2],
    ['trailing empty cells', ['visits', '2026-10', '', 'city', 'Тверь', '', ''], 2],
    ['a value that looks like SQL', ['visits', '2026', null, 'city', "O'Нил; \\x"], 1],
    ['nothing that happened', ['visits', '2026-01'], 0],
    ['a value that nobody has', ['visits', '2026', null, 'city', 'Париж'], 0],
    ['facts of two steps', ['twice', '2026-10', null, 'city', 'Тверь'], 4],
  ])('%s', async (_case, call, expected) => {
    expect(await ask(...call)).toBe(expected);
  });

  test('months of a year as lines with real dates, also those without anything', async () => {
    expect(await ask('visits', '2026-09-15..2026-11-23', 'month')).toEqual([[46266, 0], [46296, 4], [46327, 2]]);
  });

  test('weeks begin on Monday', async () => {
    expect(await ask('visits', '2026-10-05..2026-10-12', 'неделя')).toEqual([[46300, 2], [46307, 0]]);
  });

  test.each([
    ['an unknown metric', ['visit', '2026-10'], 'not_found: Показателя «visit» нет. Есть: '],
    ['no metric', [null, '2026-10'], 'not_found'],
    ['a period that is none', ['visits', 'когда-нибудь'], 'invalid_values: Период «когда-нибудь» не понят'],
    ['no period', ['visits', ''], 'invalid_values'],
    ['a day that is none', ['visits', '2026-02-30..2026-03-01'], 'invalid_values'],
    ['a period backwards', ['visits', '2026-10-05..2026-10-01'], 'заканчивается раньше'],
    ['a period to come', ['visits', '2027'], 'ещё не начался'],
    ['a filter where the grain belongs', ['visits', '2026-10', 'city', 'Тверь'], 'Третий аргумент – шаг'],
    ['a filter that is none', ['visits', '2026-10', null, 'town', 'Тверь'], 'нет фильтра «town». Есть: city, plan.'],
    ['a filter by person', ['visits', '2026-10', null, 'user_id', 1], 'отбирать нельзя'],
    ['a filter without a value', ['visits', '2026-10', null, 'city', '', 'plan', 1], 'ячейка пуста'],
    ['a filter given twice', ['visits', '2026-10', null, 'city', 'Тверь', 'city', 'Москва'], 'задан дважды'],
    ['a ratio of nothing', ['receipt', '2026-01'], 'not_ready: За этот период делить не на что'],
    ['facts without a value', ['shapeless', '2026-10'], 'нет столбца value; есть: user_id, time'],
    ['facts that fail', ['failing', '2026-10'], 'query_failed'],
  ])('%s is told in words', async (_case, call, message) => {
    expect(await ask(...call)).toContain(message);
  });
});

describe('many cells', () => {
  test('10,000 cells over 50 shapes are 50 queries, and none when asked again within a minute', async () => {
    clock += 1_000_000;
    const grains = [null, 'day', 'week', 'month', 'quarter'];
    const filters = [[], ['city'], ['plan'], ['city', 'plan'], ['city']];
    const calls = Array.from({ length: 10_000 }, (_cell, index) => {
      const shape = index % 50;
      const place = Math.floor(index / 50);
      const id = shape % 2 === 0 ? 'visits' : 'visitors';
      const names = filters[Math.floor(shape / 2) % 5] ?? [];
      const day = `2026-${String(1 + (place % 9)).padStart(2, '0')}-${String(1 + (place % 20)).padStart(2, '0')}`;
      return [id, `${day}..2026-10-${String(1 + (place % 28)).padStart(2, '0')}`, grains[Math.floor(shape / 10)], ...names.flatMap((name) => [name, name === 'city' ? (place % 2 === 0 ? 'Тверь' : 'Москва') : place % 3])];
    });
    selects = [];
    const answers = await values.answer(calls);
    expect(answers.filter((answer) => 'problem' in answer)).toEqual([]);
    expect(selects.length).toBeLessThanOrEqual(50);
    selects = [];
    expect(await values.answer(calls)).toEqual(answers);
    expect(selects).toEqual([]);
  });

  test('one faulty cell does not harm the others, and a failure is not kept', async () => {
    clock += 1_000_000;
    const answers = await values.answer([['visits', '2026-10'], ['nothing', '2026-10'], ['failing', '2026-10'], ['failing', '2026-10']]);
    expect(answers.map((answer) => 'problem' in answer)).toEqual([false, true, true, true]);
    selects = [];
    await values.answer([['failing', '2026-10']]);
    expect(selects).toHaveLength(1);
  });

  test('tables of a metric’s steps are gone afterwards', async () => {
    await ask('twice', '2026-10');
    expect((await scratch.workbench.storedTableIds()).filter((id) => id.startsWith('metric'))).toEqual([]);
  });
});
