import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { associateFunctions, connectFunctions } from '../../addin/functions/index.ts';
import { openCatalog } from '../../backend/catalog/index.ts';
import { openMetricValues } from '../../backend/metrics/index.ts';
import { openSources } from '../../backend/sources/open-sources.ts';
import type { Source } from '../../backend/sources/source.ts';
import { ExcelHost, loadOfficeInNode, type FunctionOutcome } from '../excel-host/index.ts';
import { scratchEngine } from '../workbench/scratch-engine.ts';
import type { Bench, BenchContext, Comparison } from './bench.ts';
import { median } from './statistics.ts';

const cells = 10_000;
const shapes = 50;
const rounds = 5;

/** Excel with the functions in it, as cells call them. */
function excel(): (id: string, given: unknown[]) => Promise<FunctionOutcome> {
  const host = new ExcelHost();
  const { CustomFunctions } = loadOfficeInNode(host);
  Object.assign(globalThis, { CustomFunctions });
  associateFunctions();
  CustomFunctions.associate('NOTHING', () => Promise.resolve(1));
  return (id, given) => host.runtime.callFunction(id, given);
}

async function settled(all: Promise<FunctionOutcome>[]): Promise<void> {
  const failed = (await Promise.all(all)).find((outcome) => !('value' in outcome));
  if (failed !== undefined) throw new Error(JSON.stringify(failed));
}

/** The library hands results over half a second after the ones before at the earliest: that pause is not part of a recalculation. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000));

async function pValues(): Promise<Comparison> {
  const call = excel();
  connectFunctions(() => Promise.reject(new Error('The server was asked.')), () => 'en');
  const column = async (id: string): Promise<number> => {
    await pause();
    const begun = performance.now();
    await settled(Array.from({ length: cells }, (_cell, index) => call(id, [[200, 4000, 200 + (index % 97), 4000 + index].map((value) => [[value]])])));
    return performance.now() - begun;
  };
  await column('AB.PVALUE');
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await column('AB.PVALUE'));
    bare.push(await column('NOTHING'));
  }
  return {
    title: `${cells.toLocaleString('en-US')} cells of TASK.AB.PVALUE`,
    ours: { command: 'all cells of a column recalculated through Office.js in the simulated host', milliseconds: ours },
    peer: { command: 'the same cells of a function that answers 1 at once', milliseconds: bare },
    figures: [{ name: 'time until every cell has its value', value: median(ours), unit: 'ms', bound: 'atMost', limit: 1000 }],
    notes: ['After one recalculation that is not measured, which loads the statistics. Office.js itself gathers results for 50 ms.'],
  };
}

async function metrics({ directory, onEnd }: BenchContext): Promise<Comparison> {
  const scratch = await scratchEngine();
  onEnd(() => scratch.close());
  await scratch.workbench.command('CREATE DATABASE wallet');
  await scratch.workbench.command("CREATE TABLE wallet.visits (user_id UInt32, at DateTime('UTC'), city String) ENGINE = MergeTree ORDER BY at");
  await scratch.workbench.command("INSERT INTO wallet.visits SELECT number % 50000, toDateTime('2026-01-01 00:00:00', 'UTC') + number * 27, concat('city ', toString(number % 200)) FROM numbers(1000000)");
  const catalogDirectory = join(directory, 'functions-catalog');
  await mkdir(join(catalogDirectory, 'metrics'), { recursive: true });
  const files: [string, string][] = [
    ['sources.yaml', 'warehouse: { kind: workbench, database: wallet }\n'],
    ['access.yaml', 'roles:\n  analyst: { may: [run], groups: all }\npeople:\n  anna@company.example: analyst\n'],
    ...Array.from({ length: shapes / 5 }, (_, place): [string, string] => [`metrics/m${place}.sql`, `/*\ntitle: { ru: М, en: M }\ntype: ${place % 2 === 0 ? 'count' : 'share'}\ngood: up\n*/\n-- step facts on warehouse\nSELECT user_id, at AS time, 1 AS value, city FROM visits\n`]),
  ];
  for (const [path, text] of files) await writeFile(join(catalogDirectory, path), text);
  const catalog = await openCatalog(catalogDirectory, { watch: false });
  onEnd(() => catalog.close());
  const sources = openSources(catalog, { workbench: scratch.workbench, timeZone: 'Europe/Moscow', environment: {}, failed: () => undefined });
  onEnd(() => sources.close());
  let [requests, queries] = [0, 0];
  const counted = new Map([...sources].map(([name, source]): [string, Source] => [name, { ...source, select: (step, context) => ((queries += 1), source.select(step, context)) }]));
  const values = openMetricValues({ catalog, sources: counted, workbench: scratch.workbench, timeZone: 'Europe/Moscow', today: () => '2026-11-23' });
  const call = excel();
  connectFunctions(
    async (calls) => {
      requests += 1;
      return (await values.answer(calls.map((one) => one.arguments))).map((answer) => ('problem' in answer ? { problem: { code: answer.problem.code, text: answer.problem.text } } : answer));
    },
    () => 'en',
  );
  const grains = [null, 'day', 'week', 'month', 'year'];
  const begun = performance.now();
  await settled(Array.from({ length: cells }, (_cell, index) => call('METRIC', [`m${index % (shapes / 5)}`, [['2026-10-01..2026-10-15']], grains[Math.floor(index / (shapes / 5)) % 5], [[['city']], [[`city ${Math.floor(index / shapes)}`]]]])));
  const time = performance.now() - begun;
  return {
    title: `${cells.toLocaleString('en-US')} cells of TASK.METRIC over ${shapes} shapes`,
    ours: { command: 'Office.js in the simulated host, the batch of the functions, the values of metrics, the embedded ClickHouse with 1,000,000 facts; without HTTP between', milliseconds: [time] },
    peer: null,
    figures: [
      { name: 'requests', value: requests, unit: 'count', bound: 'atMost', limit: 5 },
      { name: 'queries', value: queries, unit: 'count', bound: 'atMost', limit: shapes },
    ],
    notes: ['Once, since the answers are then kept for a minute.'],
  };
}

export const functions: Bench = {
  name: 'functions',
  summary: 'Worksheet functions: a column of A/B tests, a sheet of metrics',
  run: async (context) => {
    context.say(`functions, ${cells} cells`);
    return [await pValues(), await metrics(context)];
  },
};
