import { maySee, requireRun, unknownTask, type Access } from '../access/access.ts';
import type { Catalog, Task } from '../catalog/task.ts';

/** The task by id or former id, when this person may run it; otherwise why not. */
export function runnableTask(catalog: Catalog, access: Access, id: string): Task {
  const task = catalog.task(id);
  if (task === undefined) throw unknownTask(id);
  requireRun(access, task);
  return task;
}

/** What a person's list shows: their groups' tasks; retired ones for those who look after tasks. */
export function visibleTasks(catalog: Catalog, access: Access): Task[] {
  return catalog.tasks().filter((task) => maySee(access, task) && (task.status !== 'retired' || access.may.has('author')));
}
