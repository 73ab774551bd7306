import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { TaskDetail, TaskSummary } from '../../shared/task.ts';
import type { Task } from '../catalog/task.ts';
import type { Access } from '../access/access.ts';
import { fieldViews } from '../forms/index.ts';
import { runnableTask, visibleTasks } from '../runs/person-tasks.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

function summary(task: Task, favourites: Set<string>, lastRunAt: Map<string, string>): TaskSummary {
  const last = lastRunAt.get(task.id);
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    group: task.group,
    kind: task.kind,
    groupTitle: task.groupTitle,
    owner: task.owner,
    status: task.status,
    ...(task.replacedBy === undefined ? {} : { replacedBy: task.replacedBy }),
    favourite: favourites.has(task.id),
    ...(last === undefined ? {} : { lastRunAt: last }),
  };
}

/** What the nightly round found wrong with a task's examples. */
async function failedCheckOf({ examples }: ServerParts, taskId: string): Promise<TaskDetail['failedCheck']> {
  const failed = (await examples.last(taskId)).filter(({ faults }) => faults.length > 0);
  const [first] = failed;
  return first === undefined ? undefined : { checkedAt: first.checkedAt.toISOString(), faults: failed.flatMap(({ faults }) => faults) };
}

/** What a person may run, with forms and options. */
export function taskRoutes(routes: Routes, parts: ServerParts): void {
  const { catalog, forms, runs, state } = parts;
  const context = (): FieldContext => ({ zone: parts.timeZone, today: parts.today() });
  const favouritesOf = async (access: Access) => new Set((await state.query<{ task_id: string }>('SELECT task_id FROM favourites WHERE person = $1', [access.person])).map((row) => row.task_id));
  const task = (access: Access, id: string) => runnableTask(catalog, access, id);

  routes.signed('tasks', async ({ access }) => {
    const [favourites, lastRunAt] = await Promise.all([favouritesOf(access), runs.lastRunAt(access)]);
    return { tasks: visibleTasks(catalog, access).map((one) => summary(one, favourites, lastRunAt)) };
  });

  routes.signed('task', async ({ access, params }): Promise<TaskDetail> => {
    const found = task(access, params['id'] ?? '');
    const [favourites, lastRunAt, lastValues, fresh, failedCheck] = await Promise.all([
      favouritesOf(access),
      runs.lastRunAt(access),
      runs.lastValues(access, found.id),
      parts.freshness.of(found, context()),
      access.may.has('author') ? failedCheckOf(parts, found.id) : undefined,
    ]);
    return {
      ...summary(found, favourites, lastRunAt),
      version: found.version,
      fields: fieldViews(found),
      results: found.results.map(({ name, title }) => ({ name, title })),
      ...(found.chart === undefined ? {} : { chart: found.chart }),
      ...(fresh === undefined ? {} : { fresh: { until: fresh } }),
      needsComplete: found.needsComplete,
      ...(failedCheck === undefined ? {} : { failedCheck }),
      ...(lastValues === undefined ? {} : { lastValues }),
    };
  });

  routes.signed('favourite', async ({ access, params, body }) => {
    const { id } = task(access, params['id'] ?? '');
    await state.query(
      body.favourite ? 'INSERT INTO favourites (person, task_id) VALUES ($1, $2) ON CONFLICT DO NOTHING' : 'DELETE FROM favourites WHERE person = $1 AND task_id = $2',
      [access.person, id],
    );
    return undefined;
  });

  routes.signed('options', async ({ access, params, body }) =>
    forms.options(task(access, params['id'] ?? ''), params['field'] ?? '', { values: body.values, ...(body.search === undefined ? {} : { search: body.search }) }, { person: { id: access.person }, context: context() }),
  );
}
