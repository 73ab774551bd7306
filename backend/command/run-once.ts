import { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';
import { localAccess } from '../access/local.ts';
import type { Task } from '../catalog/task.ts';
import type { Product } from '../product.ts';
import { readWrittenValues } from '../runs/written-values.ts';
import type { CommandInput } from './command.ts';
import { withFiles } from '../examples/given-files.ts';

/** Runs a task with values as they stand on the command line and waits for its end; cancelled when the command is. */
export async function runOnce(product: Product, task: Task, settings: Record<string, string>, { workingDirectory, signal }: CommandInput): Promise<Run> {
  const access = localAccess();
  const paths = Object.fromEntries(Object.entries(settings).filter(([name]) => task.fields.some((field) => field.name === name && field.kind === 'file')));
  const files = await withFiles(product, task, paths, { folder: workingDirectory, signal });
  const written = readWrittenValues(task, { ...settings, ...(files as Record<string, string>) }, product.fieldContext());
  const submitted = await product.runs.submit(access, task.id, written, { language: product.config.language, unknown: 'ask' });
  const cancel = () => void product.runs.cancel(access, submitted.id).catch((error: unknown) => product.log.error('run_not_cancelled', error, { run: submitted.id }));
  signal.addEventListener('abort', cancel, { once: true });
  return product.runs.wait(access, submitted.id, signal).finally(() => signal.removeEventListener('abort', cancel));
}

/** What a run that did not succeed is told as. */
export function failureOf({ status }: Run): Problem | null {
  if (status.state === 'succeeded') return null;
  if (status.state === 'failed') return new Problem(status.code, status.message, status.forAuthor === undefined ? {} : { forAuthor: status.forAuthor });
  return new Problem('interrupted', { ru: 'Запуск отменён.', en: 'The run was cancelled.' });
}
