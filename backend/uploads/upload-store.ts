import type { LocalText } from '../../shared/language.ts';
import type { WrittenAs } from '../../shared/upload.ts';
import { toJson, type State } from '../state/state.ts';
import type { ColumnFacts } from '../table-files/column-facts.ts';
import type { StoredTable } from '../workbench/workbench.ts';

/** What was found in a file. */
export interface UploadContents {
  columns: { name: string; facts: ColumnFacts }[];
  firstRows: string[][];
  writtenAs: WrittenAs;
  notices: LocalText[];
}

/** A person's file whose rows are in the workbench, all as text. */
export interface Upload extends UploadContents {
  id: string;
  name: string;
  table: StoredTable;
  expiresAt: Date;
}

const untouchedHours = 24;

interface Row extends Record<string, unknown> {
  id: string;
  name: string;
  stored: StoredTable;
  contents: UploadContents;
  expires_at: Date;
}

export function uploadTableId(id: string): string {
  return `upload_${id.replaceAll('-', '')}`;
}

/** Before its rows are read, so that clean-up knows whose table it is. */
export async function beginUpload(state: State, { id, person, name }: { id: string; person: string; name: string }): Promise<void> {
  await state.query(`INSERT INTO uploads (id, person, name, expires_at) VALUES ($1, $2, $3, now() + make_interval(hours => $4::int))`, [id, person, name, untouchedHours]);
}

export async function completeUpload(state: State, id: string, { table, contents }: { table: StoredTable; contents: UploadContents }): Promise<void> {
  await state.query('UPDATE uploads SET stored = $2, contents = $3 WHERE id = $1', [id, toJson(table), toJson(contents)]);
}

export async function forgetUpload(state: State, id: string): Promise<void> {
  await state.query('DELETE FROM uploads WHERE id = $1', [id]);
}

/** How many files a person has given within a day: those that were used are kept longer. */
export async function uploadsOf(state: State, person: string): Promise<number> {
  const [row] = await state.query<{ count: number }>('SELECT count(*)::int AS count FROM uploads WHERE person = $1 AND created_at > now() - make_interval(hours => $2::int)', [person, untouchedHours]);
  return row?.count ?? 0;
}

/** A person's own file that is read and still kept. */
export async function readUpload(state: State, person: string, id: string): Promise<Upload | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const [row] = await state.query<Row>('SELECT id, name, stored, contents, expires_at FROM uploads WHERE id = $1 AND person = $2 AND stored IS NOT NULL AND expires_at > now()', [id, person]);
  return row === undefined ? undefined : { ...row.contents, id: row.id, name: row.name, table: row.stored, expiresAt: row.expires_at };
}

/** A file that was used is kept as long as results are: its form can be run again. */
export async function keepUpload(state: State, id: string, days: number): Promise<void> {
  await state.query('UPDATE uploads SET expires_at = greatest(expires_at, now() + make_interval(days => $2::int)) WHERE id = $1', [id, days]);
}

/** Files whose time is over; their tables may be dropped once this has returned. */
export async function takeExpiredUploads(state: State): Promise<string[]> {
  const rows = await state.query<{ id: string }>('DELETE FROM uploads WHERE expires_at < now() RETURNING id');
  return rows.map(({ id }) => uploadTableId(id));
}

/** Tables of files that are kept or being read. */
export async function uploadTables(state: State): Promise<string[]> {
  const rows = await state.query<{ id: string }>('SELECT id FROM uploads');
  return rows.map(({ id }) => uploadTableId(id));
}
