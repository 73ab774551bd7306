import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalog } from '../../backend/catalog/index.ts';
import { experimentCatalogKind, experimentRunner } from '../../backend/experiments/index.ts';
import { execute, type StoredResult } from '../../backend/runs/executor.ts';
import { makePlan, planKind } from '../../backend/runs/plan.ts';
import { openSources } from '../../backend/sources/open-sources.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';
import { experimentOutcome, type ExperimentOutcome } from '../../shared/experiment.ts';
import type { Language } from '../../shared/language.ts';

export interface Trial {
  /** SQL of user_id, group, entered_at … */
  assignments: string;
  /** Further lines of the section `experiment:`; `groups`, `target` and `planned` may be replaced. */
  section?: Record<string, string>;
  /** The target's header and facts. */
  metric?: { type?: string; good?: string; margin?: string; window?: string; facts: string; steps?: string };
  /** Further metrics by id: the same. */
  others?: Record<string, { type?: string; good?: string; guardrail?: boolean; margin?: string; facts: string }>;
  now?: string;
  language?: Language;
}

export interface Read {
  outcome: ExperimentOutcome;
  rows(result: string): Promise<unknown[][]>;
  results: string[];
}

export interface Laboratory {
  workbench: Workbench;
  read(trial: Trial): Promise<Read>;
  close(): Promise<void>;
}

const metricFile = ({ type = 'share', good = 'up', margin = '2%', window = '14d', facts, steps = '', guardrail = false }: NonNullable<Trial['metric']> & { guardrail?: boolean }): string =>
  `/*\ntitle: { ru: Цель теста, en: Goal }\ntype: ${type}\ngood: ${good}\nmargin: ${margin}\nwindow: ${window}\nguardrail: ${guardrail}\nunit: { ru: штук, en: items }\n*/\n${steps}-- step facts on warehouse\n${facts}\n`;

const noFacts = "SELECT toUInt64(0) AS user_id, toDateTime('2026-01-01 00:00:00') AS time, 1 AS value WHERE 0";

function taskFile({ assignments, section = {}, others = {} }: Trial): string {
  const lines = { hypothesis: '{ ru: Гипотеза, en: A hypothesis }', groups: '{ control: 50%, new: 50% }', target: 'goal', metrics: `[${Object.keys(others).join(', ')}]`, planned: '{ until: 2026-03-31 }', before: 'off', ...section };
  return `/*
kind: experiment
title: { ru: Тест, en: A test }
description: { ru: Тест., en: A test. }
group: tests
owner: anna@company.example
status: published
experiment:
${Object.entries(lines).map(([key, value]) => `  ${key}: ${value}`).join('\n')}
*/
-- step assignments on warehouse
${assignments}
`;
}

/** Reads tests out on the real engine, without a product around it. */
export async function openLaboratory(): Promise<Laboratory> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-laboratory-'));
  const workbench = await openEmbeddedWorkbench({ directory: join(directory, 'engine'), timeZone: 'Europe/Moscow' });
  await workbench.command('CREATE DATABASE lab');
  let count = 0;
  const read = async (trial: Trial): Promise<Read> => {
    count += 1;
    const catalogFolder = join(directory, `catalog-${count}`);
    const files: Record<string, string> = {
      'sources.yaml': 'warehouse: { kind: workbench, database: lab }\n',
      'groups.yaml': 'tests: { ru: Тесты, en: Tests }\n',
      'access.yaml': 'roles:\n  analyst: { may: [run, author], groups: all }\npeople:\n  anna@company.example: analyst\n',
      'tasks/trial.sql': taskFile(trial),
      'metrics/goal.sql': metricFile(trial.metric ?? { facts: noFacts }),
      ...Object.fromEntries(Object.entries(trial.others ?? {}).map(([id, metric]) => [`metrics/${id}.sql`, metricFile(metric)])),
    };
    for (const folder of ['tasks', 'metrics']) await mkdir(join(catalogFolder, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(catalogFolder, name), text);
    const catalog = await openCatalog(catalogFolder, { watch: false, kinds: [experimentCatalogKind] });
    const fault = (error: unknown): never => {
      throw error;
    };
    const sources = openSources(catalog, { workbench, timeZone: 'Europe/Moscow', environment: {}, failed: fault });
    try {
      const task = catalog.task('trial');
      if (task === undefined) throw new Error(JSON.stringify(catalog.faults()));
      const now = new Date(trial.now ?? '2026-06-01T09:00:00Z');
      const experiments = { register: (_task: unknown, _values: unknown, registered: never) => Promise.resolve({ id: '00000000-0000-4000-8000-000000000000', registered }) };
      const runner = experimentRunner({ catalog, sources, experiments, timeZone: 'Europe/Moscow', now: () => now });
      const kinds = new Map([['experiment', runner]]);
      const parts = { sources, context: { zone: 'Europe/Moscow', today: now.toISOString().slice(0, 10) } };
      const plan = await planKind(task, makePlan(task, {}, { ...parts, personal: true }), { ...parts, values: {}, person: 'anna@company.example', language: trial.language ?? 'en', runners: kinds });
      const outcome = await execute(JSON.parse(JSON.stringify(plan)) as typeof plan, { workbench, sources, kinds, timeZone: 'Europe/Moscow' }, { executionId: `trial-${count}`, signal: AbortSignal.timeout(60_000), progress: () => undefined });
      const stored = new Map(outcome.results.map((result): [string, StoredResult] => [result.name, result]));
      return { outcome: experimentOutcome.parse(JSON.parse(JSON.stringify(outcome.outcome))), results: [...stored.keys()], rows: (name) => rowsOf(workbench, stored.get(name)) };
    } finally {
      await sources.close();
      await catalog.close();
    }
  };
  return {
    workbench,
    read,
    close: async () => {
      await workbench.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function rowsOf(workbench: Workbench, result: StoredResult | undefined): Promise<unknown[][]> {
  if (result === undefined) return [];
  const stream = await workbench.stream(result.table, { format: 'JSONCompactEachRow' }, AbortSignal.timeout(60_000));
  let text = '';
  for await (const chunk of stream) text += Buffer.from(chunk as Uint8Array).toString('utf8');
  return text.trim() === '' ? [] : text.trim().split('\n').map((line) => JSON.parse(line) as unknown[]);
}
