import type { FormValues } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import { localAccess } from '../access/local.ts';
import type { Task, TaskExample } from '../catalog/task.ts';
import type { Runs } from '../runs/runs.ts';

/** How one example of a task came out. */
export interface ExampleOutcome {
  task: string;
  /** Its place in the task's file, from 0. */
  example: number;
  /** What does not hold; empty when all does. */
  faults: string[];
  rows: number | undefined;
}

export interface ExampleParts {
  runs: Runs;
  /** Puts files that an example names in the place of their paths. */
  withFiles(task: Task, values: FormValues, signal: AbortSignal): Promise<FormValues>;
}

function faultsOf(expect: TaskExample['expect'], rows: number, columns: string[]): string[] {
  const faults: string[] = [];
  if (expect.rows !== undefined && rows !== expect.rows) faults.push(`expected ${expect.rows} rows, came ${rows}`);
  if (expect.rowsAtLeast !== undefined && rows < expect.rowsAtLeast) faults.push(`expected at least ${expect.rowsAtLeast} rows, came ${rows}`);
  if (expect.rowsAtMost !== undefined && rows > expect.rowsAtMost) faults.push(`expected at most ${expect.rowsAtMost} rows, came ${rows}`);
  const missing = (expect.columns ?? []).filter((column) => !columns.includes(column));
  if (missing.length > 0) faults.push(`missing columns: ${missing.join(', ')}; there are ${columns.join(', ')}`);
  return faults;
}

/** Runs one example on the real sources and compares its first result with what it promises. */
export async function tryExample({ runs, withFiles }: ExampleParts, task: Task, example: number, signal: AbortSignal): Promise<ExampleOutcome> {
  const { values, expect } = task.examples[example] as TaskExample;
  try {
    const given = await withFiles(task, values, signal);
    const submitted = await runs.submit(localAccess(), task.id, given, { language: 'en', unknown: 'leaveOut' });
    const { status } = await runs.wait(localAccess(), submitted.id, signal);
    if (status.state === 'failed') return { task: task.id, example, rows: undefined, faults: [status.message.en] };
    if (status.state !== 'succeeded') return { task: task.id, example, rows: undefined, faults: [`ended as ${status.state}`] };
    const [first] = status.results;
    return { task: task.id, example, rows: first?.rows, faults: faultsOf(expect, first?.rows ?? 0, (first?.columns ?? []).map(({ name }) => name)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const fields = Object.entries(error.fields ?? {}).map(([name, text]) => `${name}: ${text.en}`);
    return { task: task.id, example, rows: undefined, faults: [error.message, ...fields] };
  }
}
