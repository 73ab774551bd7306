import type { Task } from '../catalog/task.ts';
import type { Product } from '../product.ts';
import { WrongUse } from './command.ts';

/** Reads a command's arguments; what it does not take is wrong use. */
export function orWrongUse<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

/** The one task that was named. */
export function taskNamed({ catalog }: Product, [taskId, ...rest]: string[]): Task {
  if (taskId === undefined || rest.length > 0) throw new WrongUse('Exactly one task is needed.');
  const task = catalog.task(taskId);
  if (task === undefined) throw new WrongUse(`There is no task ${taskId}. There are: ${catalog.tasks().map(({ id }) => id).join(', ')}`);
  return task;
}

export function readSettings(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new WrongUse(`--set needs field=value, this is ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
