import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { experimentRunner } from '../../backend/experiments/index.ts';
import type { ExperimentOutcome } from '../../shared/experiment.ts';
import type { KindInput, KindRequest } from '../../backend/runs/kind-runner.ts';
import type { Metric, Task } from '../../backend/catalog/task.ts';
import { insideWorkbench } from '../../backend/sources/workbench.ts';
import { parseTemplate, renderTemplate } from '../../backend/template/index.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { QueryContext, StoredTable, Workbench } from '../../backend/workbench/workbench.ts';
import type { Bench, BenchContext, Comparison } from './bench.ts';
import { inTurns } from './in-turns.ts';
import { median } from './statistics.ts';

const metrics = 5;
const columns = ['platform', 'sex', 'age', 'city'];
const zone = 'Europe/Moscow';
const now = new Date('2026-06-01T09:00:00Z');
const segments = columns.map((name, place) => `toString(cityHash64(number, ${place}) % 5) AS ${name}`).join(', ');

/** Users on whom 20 events each fall, spread over five metrics and six weeks around their entry. */
async function prepare(workbench: Workbench, users: number, events: number): Promise<void> {
  await workbench.command('CREATE DATABASE lab');
  await workbench.command(`CREATE TABLE lab.log ENGINE = MergeTree ORDER BY user_id AS SELECT toUInt32(number) AS user_id, if(cityHash64(number) % 2 = 0, 'control', 'new') AS group, toDateTime('2026-03-01 00:00:00') + cityHash64(number, 'e') % 1209600 AS entered_at, ${segments} FROM numbers(${users})`);
  for (let metric = 0; metric < metrics; metric += 1)
    await workbench.command(`CREATE TABLE lab.facts_${metric} ENGINE = MergeTree ORDER BY time AS SELECT toUInt32(cityHash64(number, ${metric}) % ${users}) AS user_id, toDateTime('2026-02-10 00:00:00') + cityHash64(number, 't', ${metric}) % 3628800 AS time, toFloat64(cityHash64(number, 'v') % 7) AS value FROM numbers(${events / metrics})`);
}

function metricOf(place: number): Metric {
  const { template } = parseTemplate(`SELECT user_id, time, value FROM facts_${place}`);
  const title = { ru: `Показатель ${place}`, en: `Metric ${place}` };
  return { id: `metric_${place}`, version: '', title, description: title, owner: '', type: 'mean', good: 'up', guardrail: place > 2, margin: 0.02, windowDays: 14, unit: { ru: '', en: '' }, steps: [{ name: 'facts', on: 'warehouse', template, after: [], line: 1 }] };
}

/** The fastest way known to get the same sums of one metric, before and after entry, for the groups and every segment. */
function bareSql(place: number): string {
  return `SELECT group, ${columns.join(', ')}, count() AS users, avg(y) AS mean, varPop(y) AS variance, avg(x) AS before, covarPop(x, y) AS both
    FROM (
      SELECT user_id, sumIf(value, time >= entered_at) AS y, sumIf(value, time < entered_at) AS x
      FROM facts_${place} AS facts INNER JOIN (SELECT user_id, entered_at FROM log) AS entries ON facts.user_id = entries.user_id
      WHERE time < entered_at + toIntervalDay(14) AND time >= entered_at - toIntervalDay(14)
      GROUP BY user_id
    ) AS sums INNER JOIN log ON log.user_id = sums.user_id
    GROUP BY GROUPING SETS ((group), ${columns.map((name) => `(group, ${name})`).join(', ')})`;
}

class Laboratory {
  private count = 0;
  constructor(
    readonly workbench: Workbench,
    private readonly last: StoredTable,
  ) {}

  context(name: string): QueryContext {
    this.count += 1;
    return { queryId: `bench-${this.count}-${name}`.replace(/[^A-Za-z0-9-]/g, '-'), limits: { timeSeconds: 600, rows: 10_000_000, memoryBytes: 8_000_000_000 }, signal: AbortSignal.timeout(900_000) };
  }

  /** The whole read-out from the table of assignments: cleaning, sums, statistics, words, stored tables. */
  async ours(): Promise<{ outcome: ExperimentOutcome; tables: string[] }> {
    const source = insideWorkbench({ database: 'lab', databases: [] }, this.workbench);
    const experiments = { register: (_task: unknown, _values: unknown, registered: never) => Promise.resolve({ id: '00000000-0000-4000-8000-000000000000', registered }) };
    const all = Array.from({ length: metrics }, (_, place) => metricOf(place));
    const runner = experimentRunner({ catalog: { metrics: () => all }, sources: new Map([['warehouse', source]]), experiments, timeZone: zone, now: () => now });
    const section = { hypothesis: { ru: 'Г', en: 'H' }, groups: [{ name: 'control', share: 0.5 }, { name: 'new', share: 0.5 }], target: 'metric_0', metrics: all.slice(1).map(({ id }) => id), planned: { until: '2026-04-01' }, segments: columns, beforeDays: 14 };
    const render: KindRequest['render'] = (template) => renderTemplate(template, { fields: [], values: {}, context: { zone, today: '2026-06-01' }, placeholder: () => '', step: (name) => `step_${name}` });
    const planned = await runner.plan({ task: { id: 'bench', title: section.hypothesis, section } as unknown as Task, values: {}, person: 'bench', language: 'en', render });
    const tables: string[] = [];
    const tableId = (name: string): string => `bench_${name}`;
    const input: KindInput = { executionId: 'bench', tables: new Map([['assignments', this.last]]), last: this.last, workbench: this.workbench, withTables: (query) => query, tableId, context: (name) => this.context(name) };
    const { outcome, results } = await runner.finish(planned, input);
    tables.push(tableId('users'), ...results.map(({ table }) => table.id));
    if (outcome.kind !== 'experiment') throw new Error('not a read-out');
    return { outcome, tables };
  }

  async bare(): Promise<number[]> {
    const sums: number[] = [];
    for (let place = 0; place < metrics; place += 1) {
      const { rows } = await this.workbench.select({ sql: bareSql(place), parameters: {} }, { database: 'lab', databases: [] }, this.context('bare'));
      const total = (group: string): number => rows.filter((row) => row[0] === group && columns.every((_, at) => row[1 + at] === '')).reduce((sum, row) => sum + Number(row[columns.length + 1]) * Number(row[columns.length + 2]), 0);
      sums.push(total('control'), total('new'));
    }
    return sums;
  }
}

const checksum = (sums: number[]): string => createHash('sha256').update(sums.map((sum) => Math.round(sum)).join(' ')).digest('hex');

/** Sums of values of each metric in each group, as the read-out has them: mean times users. */
function sumsOf({ metrics: read }: ExperimentOutcome): number[] {
  return read.flatMap(({ groups }) => groups.map(({ users, value }) => users * (value ?? 0)));
}

async function run(context: BenchContext): Promise<Comparison[]> {
  const [users, events] = context.full ? [1_000_000, 200_000_000] : [1_000_000, 20_000_000];
  const workbench = await openEmbeddedWorkbench({ directory: join(context.directory, 'experiments'), timeZone: zone });
  try {
    context.say(`experiments: ${users} users, ${events} events`);
    await prepare(workbench, users, events);
    const asked = { queryId: 'bench-assignments', limits: { timeSeconds: 600, rows: 10_000_000, memoryBytes: 8_000_000_000 }, signal: AbortSignal.timeout(900_000) };
    const last = await workbench.store({ sql: 'SELECT * FROM log', parameters: {} }, { database: 'lab', databases: [] }, 'bench_assignments', asked);
    const laboratory = new Laboratory(workbench, last);
    let [ours, bare] = ['', ''];
    const times = await inTurns(3, {
      ours: async () => {
        const { outcome, tables } = await laboratory.ours();
        ours = checksum(sumsOf(outcome));
        return () => workbench.drop(tables);
      },
      bare: async () => {
        bare = checksum(await laboratory.bare());
        return () => Promise.resolve();
      },
    });
    const comparison: Comparison = {
      title: `A/B read-out: ${users.toLocaleString('en')} users × ${metrics} metrics × ${columns.length * 5} segments over ${events.toLocaleString('en')} events`,
      ours: { command: 'kind experiment: assignments cleaned, sums, statistics, words, tables stored', milliseconds: times.ours, checksum: ours },
      peer: { command: `${metrics} hand-written SELECTs of the same sums`, milliseconds: times.bare, checksum: bare },
      figures: [{ name: 'time over the bare statements', value: median(times.ours) / median(times.bare), unit: 'times', bound: 'atMost', limit: 1.5 }],
      notes: [`Both sides leave the rows in the engine. A bare statement: ${bareSql(0).replace(/\s+/g, ' ')}`],
    };
    return [comparison];
  } finally {
    await workbench.close();
  }
}

export const experiments: Bench = { name: 'experiments', summary: 'an A/B read-out beside its bare statements', run };
