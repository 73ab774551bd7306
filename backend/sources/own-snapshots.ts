import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Problem } from '../../shared/problem.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';
import type { OwnView } from './own-view.ts';
import type { SourceLedger } from './source-ledger.ts';

export interface SnapshotParts {
  workbench: Workbench;
  ledger?: SourceLedger | undefined;
  /** A snapshot is read again by queries that come so soon after it. */
  freshMs: number;
}

interface Snapshot {
  begunAt: number;
  loading: boolean;
  tookMs: number;
  /** Counted before the table is there, so that none is dropped from under its reader. */
  readers: number;
  replaced: boolean;
  table: Promise<StoredTable>;
}

/** A load that takes longer lengthens the time in which it is read again. */
const quickMs = 500;
const loadSeconds = 300;
/** Clean-up finds what a dead backend left after this. */
const forgottenSeconds = 3_600;
const limits = { timeSeconds: loadSeconds, rows: 50_000_000, memoryBytes: 4_000_000_000 };

/** Lines of a few rows at a time: a chunk for each row would cost more than the row. */
async function* lines(rows: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let pending = '';
  for await (const row of rows) {
    pending += `${JSON.stringify(row)}\n`;
    if (pending.length < 65_536) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}

function notRead(name: string, cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem('query_failed', { ru: `Собственные данные «${name}» не прочитаны. Попробуйте ещё раз.`, en: `The product's own data “${name}” could not be read. Try again.` }, { cause });
}

/** Rows of our views as tables of the workbench: whole, replaced at once, dropped when nobody reads them any more. */
export class OwnSnapshots {
  readonly #parts: SnapshotParts;
  readonly #current = new Map<string, Snapshot>();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** Gives the tables to `read` and keeps them there until it has ended. */
  async with<T>(views: OwnView[], read: (tables: StoredTable[]) => Promise<T>): Promise<T> {
    const held = views.map((view) => this.#hold(view));
    try {
      return await read(await Promise.all(held.map(({ table }) => table)));
    } finally {
      await Promise.all(held.map((snapshot) => this.#release(snapshot)));
    }
  }

  async close(): Promise<void> {
    const all = [...this.#current.values()];
    this.#current.clear();
    await Promise.allSettled(all.map((snapshot) => this.#replace(snapshot)));
  }

  /** A long history is read less often, or reading it would be all that the database does. */
  #freshMs({ tookMs }: Snapshot): number {
    return this.#parts.freshMs * Math.max(1, tookMs / quickMs);
  }

  #hold(view: OwnView): Snapshot {
    const known = this.#current.get(view.name);
    const isFresh = known !== undefined && (known.loading || Date.now() - known.begunAt < this.#freshMs(known));
    const snapshot = known !== undefined && isFresh ? known : this.#begin(view, known);
    snapshot.readers += 1;
    return snapshot;
  }

  /** The load is shared by all who wait for it, so nobody's leaving stops it. */
  #begin(view: OwnView, earlier: Snapshot | undefined): Snapshot {
    const loaded = this.#load(view).then(
      async (table) => {
        snapshot.loading = false;
        snapshot.tookMs = Date.now() - snapshot.begunAt;
        if (earlier !== undefined) await this.#replace(earlier);
        return table;
      },
      (error: unknown) => {
        // The next query tries again.
        if (earlier === undefined) this.#current.delete(view.name);
        else this.#current.set(view.name, earlier);
        throw notRead(view.name, error);
      },
    );
    const snapshot: Snapshot = { begunAt: Date.now(), loading: true, tookMs: 0, readers: 0, replaced: false, table: loaded };
    this.#current.set(view.name, snapshot);
    return snapshot;
  }

  async #load(view: OwnView): Promise<StoredTable> {
    const { workbench, ledger } = this.#parts;
    const id = `own_${view.name}_${randomUUID().replaceAll('-', '')}`;
    const context: QueryContext = { queryId: randomUUID(), limits, signal: AbortSignal.timeout(loadSeconds * 1000) };
    await ledger?.beginTable(`tasksheet:${id}`, id, forgottenSeconds);
    try {
      return await workbench.load(Readable.from(lines(view.rows())), { format: 'JSONCompactEachRow', columns: view.columns }, id, context);
    } catch (error) {
      await ledger?.forgetTable(id);
      throw error;
    }
  }

  async #release(snapshot: Snapshot): Promise<void> {
    snapshot.readers -= 1;
    if (snapshot.replaced && snapshot.readers === 0) await this.#drop(snapshot);
  }

  async #replace(snapshot: Snapshot): Promise<void> {
    snapshot.replaced = true;
    if (snapshot.readers === 0) await this.#drop(snapshot);
  }

  async #drop(snapshot: Snapshot): Promise<void> {
    const { id } = await snapshot.table;
    await this.#parts.workbench.drop([id]);
    await this.#parts.ledger?.forgetTable(id);
  }
}
