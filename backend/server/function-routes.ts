import type { z } from 'zod';
import type { functionCall, functionResult } from '../../shared/api.ts';
import { callsAtOnce } from '../../shared/calls-at-once.ts';
import type { Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Cell, ResultColumn } from '../../shared/result.ts';
import type { StoredResult } from '../runs/executor.ts';
import { requireAbility, type Access } from '../access/access.ts';
import type { Baselines } from '../metrics/baseline.ts';
import { openMetricValues, type MetricAnswer } from '../metrics/index.ts';
import { runnableTask } from '../runs/person-tasks.ts';
import { wireSelect } from '../runs/wire.ts';
import { readWrittenValues, type WrittenValue } from '../runs/written-values.ts';
import { asProblem } from './problem-answer.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

type Call = z.output<typeof functionCall>;
type Result = z.infer<typeof functionResult>;

/** A formula's array stays small: a larger answer belongs in a table of its own. */
const mostCells = 50_000;
const waitMs = 50_000;
/** Calls of one batch that are carried out side by side: a sheet full of formulas must not hold up everyone else. */
const sideBySide = 4;

interface Caller {
  access: Access;
  language: Language;
  /** Aborts when the caller has left. */
  gone: AbortSignal;
}

/** Like `Promise.all` over `work`, a few at a time, answers in order. */
async function fewAtATime<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = new Array<R>(items.length);
  let next = 0;
  const hand = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      answers[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, items.length) }, hand));
  return answers;
}

function readArguments([task, ...rest]: WrittenValue[]): { taskId: string; written: Record<string, WrittenValue> } {
  if (typeof task !== 'string' || task === '')
    throw new Problem('invalid_request', { ru: 'Первый аргумент: имя задачи в кавычках.', en: 'The first argument is the name of a task in quotes.' });
  const given = rest.slice(0, rest.findLastIndex((argument) => argument !== null && argument !== '') + 1);
  const written: Record<string, WrittenValue> = {};
  for (let at = 0; at < given.length; at += 2) {
    const name = given[at];
    if (typeof name !== 'string')
      throw new Problem('invalid_request', { ru: 'После задачи идут пары: имя поля, значение.', en: 'After the task come pairs: a field’s name, its value.' });
    written[name] = given[at + 1] ?? null;
  }
  return { taskId: task, written };
}

async function readLines(parts: ServerParts, result: StoredResult, signal: AbortSignal): Promise<Cell[][]> {
  const stream = await parts.workbench.stream(result.table, { format: 'JSONCompactEachRow', ...wireSelect(result.columns, parts.timeZone) }, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Cell[]);
}

/** Days as Excel counts them, so that a formula's dates can be calculated with. */
function sheetValue(value: Cell, { type }: ResultColumn): Cell {
  if (value === null) return '';
  if (typeof value !== 'string') return value;
  if (type === 'date' || type === 'datetime') {
    const days = Date.parse(`${value.replace(' ', 'T')}${type === 'date' ? 'T00:00:00' : ''}Z`) / 86_400_000 + 25_569;
    return Number.isFinite(days) && days >= 61 ? days : value;
  }
  const digits = value.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return type === 'integer' || type === 'decimal' || type === 'percent' || type === 'money' ? (digits.length <= 15 ? Number(value) : value) : value;
}

async function run(parts: ServerParts, { access, language, gone }: Caller, call: Call): Promise<Result> {
  const { taskId, written } = readArguments(call.arguments as WrittenValue[]);
  const task = runnableTask(parts.catalog, access, taskId);
  const values = readWrittenValues(task, written, { zone: parts.timeZone, today: parts.today() });
  gone.throwIfAborted();
  const signal = AbortSignal.any([AbortSignal.timeout(waitMs), gone]);
  const submitted = await parts.runs.submit(access, task.id, values, { language, unknown: 'leaveOut' });
  const ended = await parts.runs.wait(access, submitted.id, signal).catch(async (error: unknown) => {
    // Nobody is there to take the answer.
    if (gone.aborted) await parts.runs.cancel(access, submitted.id);
    throw error;
  });
  if (ended.status.state === 'failed') throw new Problem(ended.status.code, ended.status.message);
  const { results } = await parts.runs.results(access, ended.id);
  const [result] = results;
  if (result === undefined) return { values: [['']] };
  if (result.table.rows * result.columns.length > mostCells)
    throw new Problem('too_large', { ru: `Ответ слишком велик для формулы: ${result.table.rows} строк. Получите его таблицей через панель.`, en: `The answer is too large for a formula: ${result.table.rows} rows. Get it as a table through the pane.` });
  const rows = await readLines(parts, result, signal);
  return { values: [result.columns.map(({ title }) => title[language]), ...rows.map((row) => row.map((value, at) => sheetValue(value, result.columns[at] as ResultColumn)))] };
}

/** Level and standard deviation of a metric in the last weeks; a share has no deviation of its own. */
async function readBaseline(baselines: Baselines, { arguments: [metric, entry] }: Call): Promise<Result> {
  if (typeof metric !== 'string' || metric.trim() === '') throw new Problem('invalid_request', { ru: 'Первый аргумент: показатель в кавычках.', en: 'The first argument is a metric in quotes.' });
  const { level, deviation } = await baselines.of(metric.trim(), typeof entry === 'string' && entry.trim() !== '' ? entry.trim() : metric.trim());
  if (level === null) throw new Problem('not_ready', { ru: 'За последние 8 недель людей слишком мало, чтобы сказать уровень.', en: 'There are too few people in the last 8 weeks to tell a level.' });
  return { values: [[level, deviation ?? '']] };
}

function tooManyRuns(): Problem {
  return new Problem('too_many', { ru: `Больше ${callsAtOnce.RUN} задач одним запросом не считается.`, en: `No more than ${callsAtOnce.RUN} tasks are computed in one request.` });
}

/** Worksheet functions: many calls in one request, each with an outcome of its own. */
export function functionRoutes(routes: Routes, parts: ServerParts, baselines: Baselines): void {
  const metrics = openMetricValues(parts);
  routes.signed('functions', async ({ access, language, body, response }) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    const caller: Caller = { access, language: body.locale ?? language, gone: left.signal };
    const refusal = (error: unknown, { name }: Call): Result => {
      const problem = asProblem(error);
      if (problem.code === 'internal' && !left.signal.aborted) parts.log.error('function_failed', error, { function: name });
      return { problem: { code: problem.code, text: problem.text } };
    };
    const runs = body.calls.filter(({ name }) => name !== 'METRIC');
    const asked = body.calls.filter(({ name }) => name === 'METRIC');
    if (runs.length > callsAtOnce.RUN) throw tooManyRuns();
    if (body.calls.some(({ name }) => name !== 'RUN')) requireAbility(access, 'run');
    const [ran, told] = await Promise.all([
      fewAtATime(runs, (call) => (call.name === 'BASELINE' ? readBaseline(baselines, call) : run(parts, caller, call)).catch((error: unknown) => refusal(error, call))),
      asked.length === 0 ? [] : metrics.answer(asked.map((call) => call.arguments)),
    ]);
    const results = new Map<Call, Result>(runs.map((call, at) => [call, ran[at] as Result]));
    asked.forEach((call, at) => {
      const answer = told[at] as MetricAnswer;
      results.set(call, 'problem' in answer ? refusal(answer.problem.code === 'internal' ? (answer.problem.cause ?? answer.problem) : answer.problem, call) : answer);
    });
    return { results: body.calls.map((call) => results.get(call) as Result) };
  });
}
