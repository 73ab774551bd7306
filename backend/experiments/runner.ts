import { DateTime } from 'luxon';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { todayIn } from '../../shared/relative-period.ts';
import type { Catalog, Metric } from '../catalog/task.ts';
import type { Sources } from '../runs/plan.ts';
import type { KindInput, KindOutcome, KindRequest, KindRunner } from '../runs/kind-runner.ts';
import { cleanAssignments } from './assignments.ts';
import { factsTables, sumFacts, type MetricSums } from './metric-facts.ts';
import type { PlannedMetric, PlannedReadout } from './planned.ts';
import { readOut } from './read-out.ts';
import type { Experiments, Registration } from './registry.ts';
import { resultTables, storeTables } from './result-tables.ts';
import type { ExperimentSection } from './section.ts';
import { loadStatistics } from './statistics.ts';
import { countUsers } from './totals.ts';

export interface ExperimentRunnerParts {
  catalog: Pick<Catalog, 'metrics'>;
  sources: Sources;
  experiments: Pick<Experiments, 'register'>;
  timeZone: string;
  now: () => Date;
}

interface Planned extends PlannedReadout {
  planChanged: LocalText | null;
}

/** A/B read-outs: what becomes of a table of assignments. */
export function experimentRunner(parts: ExperimentRunnerParts): KindRunner {
  return {
    kind: 'experiment',
    tables: ['users', ...factsTables, ...resultTables],
    plan: (request) => plan(request, parts),
    finish: (planned, input) => finish(planned as Planned, input, parts),
  };
}

async function plan(request: KindRequest, { catalog, experiments, timeZone, now }: ExperimentRunnerParts): Promise<Planned> {
  const { task, values, person, language } = request;
  const section = task.section as ExperimentSection;
  const metrics = [section.target, ...section.metrics].map((id) => plannedMetric(id, section.target, catalog.metrics(), request));
  const asked = now();
  const today = todayIn(timeZone, asked);
  const dayStart = (day: string, later = 0): number => Math.floor(DateTime.fromISO(day, { zone: timeZone }).plus({ days: later }).toSeconds());
  const registration: Registration = { hypothesis: section.hypothesis, target: section.target, targetTitle: metrics[0]?.title ?? section.hypothesis, groups: section.groups, planned: section.planned };
  const { id, registered } = await experiments.register(task, values, registration, person);
  return {
    experimentId: id,
    title: task.title,
    section,
    metrics,
    language,
    zone: timeZone,
    today,
    completeUntil: dayStart(today),
    askedAt: Math.floor(asked.getTime() / 1000),
    entriesUntil: section.planned.until === undefined ? null : dayStart(section.planned.until, 1),
    planChanged: changeOf(registered, registration),
  };
}

/** A plan that was changed after the first look is told about: whoever reads the result should know. */
function changeOf(registered: Registration, now: Registration): LocalText | null {
  const parts: [string, string, unknown, unknown][] = [
    ['цель', 'target', registered.target, now.target],
    ['группы', 'groups', registered.groups, now.groups],
    ['размер или конец', 'size or end', registered.planned, now.planned],
  ];
  const sorted = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1))) : inner));
  const changed = parts.filter(([, , before, after]) => sorted(before) !== sorted(after));
  if (changed.length === 0) return null;
  return {
    ru: `После первого взгляда на тест изменили план: ${changed.map(([ru]) => ru).join(', ')}. Относитесь к выводу осторожнее.`,
    en: `The plan was changed after the first look at the test: ${changed.map(([, en]) => en).join(', ')}. Take the verdict with care.`,
  };
}

function plannedMetric(id: string, target: string, metrics: Metric[], { render }: KindRequest): PlannedMetric {
  const metric = metrics.find((one) => one.id === id);
  if (metric === undefined) throw new Problem('not_ready', { ru: `Показателя «${id}» сейчас нет: в его файле ошибки. Скажите аналитику.`, en: `The metric “${id}” is not there now: its file has faults. Tell an analyst.` });
  const { title, type, good, guardrail, margin, windowDays, unit, steps } = metric;
  return {
    id, title, type, good, guardrail, margin, windowDays, unit,
    role: id === target ? 'target' : guardrail ? 'guardrail' : 'other',
    steps: steps.map(({ name, on, after, template }) => ({ name, on, after, ...render(template, on) })),
    marks: Object.fromEntries(steps.map(({ name, on }) => [name, render({ source: '', parts: [{ kind: 'step', name, offset: 0 }], fields: [], steps: [name], views: [] }, on).sql])),
  };
}

async function finish(planned: Planned, input: KindInput, { sources }: ExperimentRunnerParts): Promise<KindOutcome> {
  const statistics = loadStatistics();
  const parts = { workbench: input.workbench, sources, tableId: input.tableId, context: input.context };
  const assignments = await cleanAssignments(input.last, planned, parts);
  const totals = await countUsers(assignments, parts);
  const sums = new Map<string, MetricSums>();
  // One after another: each takes all of the engine, and several at once only take more memory.
  if (assignments.counts.usable > 0)
    for (const metric of planned.metrics) sums.set(metric.id, await sumFacts(metric, assignments, { ...parts, beforeDays: planned.section.beforeDays, byDay: metric.role === 'target' }));
  const { outcome, segments } = readOut({ planned, assignments, totals, sums, planChanged: planned.planChanged }, await statistics);
  return { outcome, results: await storeTables(outcome, segments, input, planned.language) };
}
