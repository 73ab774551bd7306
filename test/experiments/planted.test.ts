import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { Catalog } from '../../backend/catalog/task.ts';
import { experimentRunner } from '../../backend/experiments/index.ts';
import { catalogRules } from '../../backend/kinds.ts';
import { execute } from '../../backend/runs/executor.ts';
import { makePlan, planKind } from '../../backend/runs/plan.ts';
import { createSampleCompany } from '../../backend/sample/sample-company.ts';
import { openSources, type OpenSources } from '../../backend/sources/open-sources.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';
import { experimentOutcome } from '../../shared/experiment.ts';

const directory = mkdtempSync(join(tmpdir(), 'tasksheet-planted-'));
const context = { zone: 'Europe/Moscow', today: '2026-11-22' };
let workbench: Workbench;
let catalog: Catalog;
let sources: OpenSources;

beforeAll(async () => {
  workbench = await openEmbeddedWorkbench({ directory, timeZone: context.zone });
  await createSampleCompany((sql) => workbench.command(sql), { database: 'wallet', scale: 1, today: context.today, progress: () => undefined });
  catalog = await openCatalog(fileURLToPath(new URL('../../catalog', import.meta.url)), { watch: false, ...catalogRules });
  // The tests of the sample stand on the warehouse alone; the other sources are not there.
  sources = openSources(catalog, { workbench, timeZone: context.zone, environment: {}, failed: () => undefined });
}, 120_000);
afterAll(async () => {
  await sources?.close();
  await catalog?.close();
  await workbench?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function readOut(id: string) {
  const task = catalog.task(`experiment-${id}`)!;
  const experiments = { register: (_task: unknown, _values: unknown, registered: never) => Promise.resolve({ id: '00000000-0000-4000-8000-000000000000', registered }) };
  const kinds = new Map([['experiment', experimentRunner({ catalog, sources, experiments, timeZone: context.zone, now: () => new Date('2026-11-22T09:00:00Z') })]]);
  const plan = await planKind(task, makePlan(task, {}, { sources, context, personal: true }), { sources, context, values: {}, person: 'anna@company.example', language: 'ru', runners: kinds });
  const { outcome } = await execute(plan, { workbench, sources, kinds, timeZone: context.zone }, { executionId: id, signal: AbortSignal.timeout(60_000), progress: () => undefined });
  return experimentOutcome.parse(outcome);
}

test.each([
  ['onboarding-hints', 'better', 'rollOut', false],
  ['new-offer-icon', 'noVisibleDifference', 'decideByOtherReasons', false],
  ['search-tips', 'unclear', 'decideByOtherReasons', false],
  ['quick-till', 'worse', 'review', false],
  ['push-evening', 'notValid', 'doNotCompare', false],
  ['dark-theme', 'unclear', 'keepRunning', true],
])('the planted test %s is read out as it was planted: %s, %s', { timeout: 60_000 }, async (id, verdict, advice, running) => {
  const outcome = await readOut(id);
  expect(outcome.arms.map((arm) => [arm.verdict, arm.advice])).toEqual([[verdict, advice]]);
  expect(outcome.running).toBe(running);
  expect(outcome.metrics.map((metric) => metric.id)).toEqual(expect.arrayContaining(['active_days', 'card_issues', 'unsubscribes', 'support_contacts']));
  const target = outcome.metrics[0]!.comparisons[0]!.figures!;
  if (id === 'onboarding-hints') expect([target.interval.low < 0.04, target.interval.high > 0.04]).toEqual([true, true]);
  if (id === 'quick-till') expect(outcome.metrics.find((metric) => metric.id === 'app_errors')?.comparisons[0]?.guardrail).toBe('harmed');
});
