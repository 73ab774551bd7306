import { resolve } from 'node:path';
import { file } from '../../shared/fields/file.ts';
import type { FormValues } from '../../shared/form.ts';
import { localAccess } from '../access/local.ts';
import type { Task } from '../catalog/task.ts';
import type { Uploads } from '../uploads/index.ts';

/** Values in which file fields hold paths, with those files read: each path becomes the id of an upload. */
export async function withFiles({ uploads, timeZone }: { uploads: Uploads; timeZone: string }, task: Task, values: FormValues, { folder, signal }: { folder: string; signal: AbortSignal }): Promise<FormValues> {
  const given = { ...values };
  for (const { name, kind } of task.fields) {
    const value = given[name];
    if (kind !== 'file' || typeof value !== 'string' || value === '' || file.parseText(value, { zone: timeZone, today: '' }) !== undefined) continue;
    given[name] = (await uploads.addPath(localAccess().person, resolve(folder, value), signal)).id;
  }
  return given;
}
