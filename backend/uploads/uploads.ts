import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { UploadView } from '../../shared/upload.ts';
import type { State } from '../state/state.ts';
import { ColumnObserver, loadTable, openTableFile } from '../table-files/index.ts';
import type { QueryLimits, StoredTable, Workbench } from '../workbench/workbench.ts';
import { tooLargeFile, withReceivedFile } from './received-file.ts';
import { beginUpload, completeUpload, forgetUpload, keepUpload, readUpload, uploadTableId, uploadsOf, type Upload, type UploadContents } from './upload-store.ts';

/** Beyond this a person's program gives files, not a person. */
const mostOfPerson = 200;
const atOnce = 3;

export interface UploadsParts {
  state: State;
  workbench: Workbench;
  dataDirectory: string;
  /** Largest file in bytes. */
  most: number;
  limits: QueryLimits;
  /** How long a file that was used is kept. */
  keepDays: number;
}

/** A file on its way here. */
export interface GivenFile {
  name: string;
  bytes: Readable;
  /** As far as it is known beforehand. */
  size: number;
  signal: AbortSignal;
}

/** People's files for forms: read, told and kept for a while. A file is seen by its person alone. */
export interface Uploads {
  /** Reads a file whole; throws Problem in words for its person, rows by their numbers. */
  add(person: string, given: GivenFile): Promise<UploadView>;
  /** The same for a file on this machine: for the command line. */
  addPath(person: string, path: string, signal: AbortSignal): Promise<UploadView>;
  view(person: string, id: string): Promise<UploadView>;
  find(person: string, id: string): Promise<Upload | undefined>;
  /** Puts off the time when it is dropped, because a run reads it. */
  use(ids: string[]): Promise<void>;
}

export const goneUpload: LocalText = { ru: 'Этого файла уже нет на сервере. Выберите его ещё раз.', en: 'This file is no longer on the server. Choose it again.' };

const tooManyFiles = (): Problem => new Problem('too_many', { ru: `За сутки вы загрузили уже ${mostOfPerson} файлов. Попробуйте завтра или скажите аналитику.`, en: `You have given ${mostOfPerson} files within a day. Try tomorrow, or tell an analyst.` });

const tooManyAtOnce = (): Problem => new Problem('too_many', { ru: 'Сервер читает уже несколько ваших файлов. Дождитесь их и выберите этот ещё раз.', en: 'The server is reading several files of yours. Wait for them and choose this one again.' });

function notAFile(path: string, cause?: unknown): Problem {
  return new Problem('invalid_values', { ru: `Файла ${path} нет, или прочитать его нельзя. Проверьте путь.`, en: `There is no file ${path}, or it cannot be read. Check the path.` }, { cause });
}

function viewOf({ id, name, table, columns, firstRows, writtenAs, notices, expiresAt }: Upload): UploadView {
  return { id, name, rows: table.rows, columns: columns.map((column) => ({ name: column.name, type: column.facts.type })), firstRows, writtenAs, notices, expiresAt: expiresAt.toISOString() };
}

/** What a browser or person calls the file, without a folder. */
function shownName(name: string): string {
  return basename(name.replaceAll('\\', '/')).replace(/\p{C}/gu, '').slice(0, 200).toWellFormed() || '?';
}

export async function openUploads(parts: UploadsParts): Promise<Uploads> {
  const { state, workbench } = parts;
  const directory = join(parts.dataDirectory, 'uploads');
  // What a killed backend was reading.
  await rm(directory, { recursive: true, force: true });
  const reading = new Map<string, number>();

  const load = async (id: string, path: string, signal: AbortSignal): Promise<{ table: StoredTable; contents: UploadContents }> => {
    const file = await openTableFile(path);
    try {
      const context = { queryId: `upload-${id}`, limits: parts.limits, signal };
      const { table, columns, firstRows, notices } = await loadTable(file, () => new ColumnObserver(), { workbench, tableId: uploadTableId(id), context });
      const commaMeansDecimal = file.writtenAs.format !== 'csv' || file.writtenAs.delimiter !== ',';
      return { table, contents: { columns: columns.map(({ name, observer }) => ({ name, facts: observer.facts(commaMeansDecimal) })), firstRows, writtenAs: file.writtenAs, notices: [...notices, ...table.notices] } };
    } finally {
      await file.close();
    }
  };

  const view: Uploads['view'] = async (person, id) => {
    const upload = await readUpload(state, person, id);
    if (upload === undefined) throw new Problem('not_found', goneUpload);
    return viewOf(upload);
  };

  const add: Uploads['add'] = async (person, { name, bytes, size, signal }) => {
    if (size > parts.most) throw tooLargeFile(parts.most);
    const busy = reading.get(person) ?? 0;
    if (busy >= atOnce) throw tooManyAtOnce();
    reading.set(person, busy + 1);
    const id = randomUUID();
    try {
      if ((await uploadsOf(state, person)) >= mostOfPerson) throw tooManyFiles();
      await withReceivedFile(bytes, { directory, id, most: parts.most, signal }, async (path) => {
        await beginUpload(state, { id, person, name: shownName(name) });
        try {
          await completeUpload(state, id, await load(id, path, signal));
        } catch (error) {
          await forgetUpload(state, id).catch(() => undefined);
          throw error;
        }
      });
      return await view(person, id);
    } finally {
      const left = (reading.get(person) ?? 1) - 1;
      if (left > 0) reading.set(person, left);
      else reading.delete(person);
    }
  };

  return {
    add,
    view,
    addPath: async (person, path, signal) => {
      const found = await stat(path).catch((error: unknown) => {
        throw notAFile(path, error);
      });
      if (!found.isFile()) throw notAFile(path);
      return add(person, { name: basename(path), bytes: createReadStream(path), size: found.size, signal });
    },
    find: (person, id) => readUpload(state, person, id),
    use: async (ids) => {
      for (const id of ids) await keepUpload(state, id, parts.keepDays);
    },
  };
}
