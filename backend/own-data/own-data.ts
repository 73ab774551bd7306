import type { Catalog } from '../catalog/task.ts';
import type { OwnView } from '../sources/own-view.ts';
import type { Parameter, State } from '../state/state.ts';

/** What views are made from. */
export interface OwnDataParts {
  state: Pick<State, 'query'>;
  catalog: Pick<Catalog, 'tasks' | 'access'>;
  /** IANA zone in which times are shown. */
  timeZone: string;
}

/** One view of our own data. A new one is a file beside this and a line in `index.ts`. */
export type OwnViewMaker = (parts: OwnDataParts) => OwnView;

const pageRows = 5_000;

/**
 * Rows of a query page by page, so that a long history never lies in memory. The query orders by `key`, begins after
 * `$1` and ends in `LIMIT $2`.
 */
export async function* pages<Row extends { key: string | number }>(state: OwnDataParts['state'], sql: string, first: Parameter): AsyncGenerator<Row> {
  for (let after = first; ; ) {
    const rows = await state.query<Row>(sql, [after, pageRows]);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.key;
  }
}

/** Before every id. */
export const firstId = '00000000-0000-0000-0000-000000000000';

export function moment(timeZone: string): string {
  return `DateTime('${timeZone}')`;
}

export function seconds(instant: Date | null): number | null {
  return instant === null ? null : Math.floor(instant.getTime() / 1000);
}
