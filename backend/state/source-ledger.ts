import { randomUUID } from 'node:crypto';
import type { KeptTable, Lease, SourceLedger, Taken, UseWindow } from '../sources/source-ledger.ts';
import { toJson, type State, type Transaction } from './state.ts';

/** Tables are dropped so long after their time: whoever has just begun to read one may finish. */
const grace = "interval '1 hour'";
const renewalsInTime = 3;

/** One at a time over all backends for what is counted under this name. */
async function alone<T>(state: State, name: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return state.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7201003))', [name]);
    return work(transaction);
  });
}

const startOfMonth = "(date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')";

/** When a use is free under this window; `undefined` when one is now. The clock is the database's: those of backends differ. */
async function fullUntil(transaction: Transaction, name: string, { limit, per }: UseWindow): Promise<Date | undefined> {
  const month = per === 'month';
  const since = month ? startOfMonth : 'clock_timestamp() - make_interval(secs => $2)';
  const freeAt = month ? `${startOfMonth} + interval '1 month'` : 'used_at + make_interval(secs => $2)';
  const [row] = await transaction.query<{ free_at: Date }>(
    `SELECT ${freeAt} AS free_at FROM source_uses WHERE name = $1 AND used_at >= ${since} ORDER BY used_at DESC OFFSET $${month ? 2 : 3} LIMIT 1`,
    month ? [name, limit - 1] : [name, per.seconds, limit - 1],
  );
  return row?.free_at;
}

function take(state: State, name: string, windows: UseWindow[]): Promise<Taken> {
  return alone(state, name, async (transaction): Promise<Taken> => {
    for (const window of windows) {
      const freeAt = await fullUntil(transaction, name, window);
      if (freeAt !== undefined) return { taken: false, window, freeAt };
    }
    await transaction.query('INSERT INTO source_uses (name, used_at) VALUES ($1, clock_timestamp())', [name]);
    return { taken: true };
  });
}

async function lease(state: State, name: string, slots: number, seconds: number): Promise<Lease | undefined> {
  const holder = randomUUID();
  const got = await alone(state, name, (transaction) =>
    transaction.query(
      `INSERT INTO source_leases (name, slot, holder, expires_at)
       SELECT $1, place, $3, clock_timestamp() + make_interval(secs => $4) FROM generate_series(1, $2::int) AS places (place)
       WHERE NOT EXISTS (SELECT 1 FROM source_leases l WHERE l.name = $1 AND l.slot = place AND l.expires_at > clock_timestamp())
       ORDER BY place LIMIT 1
       ON CONFLICT (name, slot) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
       RETURNING slot`,
      [name, slots, holder, seconds],
    ),
  );
  if (got.length === 0) return undefined;
  const renew = () => state.query('UPDATE source_leases SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE holder = $1', [holder, seconds]);
  // A renewal that fails is tried again before the lease ends; after that the place is free for others, as it must be.
  const timer = setInterval(() => void renew().catch(() => undefined), (seconds * 1000) / renewalsInTime);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await state.query('DELETE FROM source_leases WHERE holder = $1', [holder]);
    },
  };
}

async function keepTable(state: State, tableId: string, content: unknown, seconds: number): Promise<void> {
  await state.transaction(async (transaction) => {
    await transaction.query(
      `UPDATE source_tables SET expires_at = least(expires_at, now())
       WHERE content IS NOT NULL AND table_id <> $1 AND name = (SELECT name FROM source_tables WHERE table_id = $1)`,
      [tableId],
    );
    await transaction.query(`UPDATE source_tables SET content = $2, made_at = now(), expires_at = now() + make_interval(secs => $3) WHERE table_id = $1`, [tableId, toJson(content), seconds]);
  });
}

async function keptTable(state: State, name: string): Promise<KeptTable | undefined> {
  const [row] = await state.query<{ table_id: string; content: unknown }>(
    'SELECT table_id, content FROM source_tables WHERE name = $1 AND content IS NOT NULL AND expires_at > now() ORDER BY made_at DESC LIMIT 1',
    [name],
  );
  return row === undefined ? undefined : { tableId: row.table_id, content: row.content };
}

/** The ledger of sources in PostgreSQL: the same for all backends that share it. */
export function openSourceLedger(state: State): SourceLedger {
  return {
    take: (name, windows) => take(state, name, windows),
    usesThisMonth: async (name) => {
      const [row] = await state.query<{ uses: number }>(`SELECT count(*) AS uses FROM source_uses WHERE name = $1 AND used_at >= ${startOfMonth}`, [name]);
      return row?.uses ?? 0;
    },
    lease: (name, slots, seconds) => lease(state, name, slots, seconds),
    remember: async (name, content, seconds) => {
      await state.query(
        `INSERT INTO source_notes (name, content, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
         ON CONFLICT (name) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at`,
        [name, toJson(content), seconds],
      );
    },
    recall: async (name) => (await state.query<{ content: unknown }>('SELECT content FROM source_notes WHERE name = $1 AND expires_at > now()', [name]))[0]?.content,
    beginTable: async (name, tableId, seconds) => {
      await state.query('INSERT INTO source_tables (table_id, name, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))', [tableId, name, seconds]);
    },
    keepTable: (tableId, content, seconds) => keepTable(state, tableId, content, seconds),
    keptTable: (name) => keptTable(state, name),
    forgetTable: async (tableId) => {
      await state.query('DELETE FROM source_tables WHERE table_id = $1', [tableId]);
    },
  };
}

/** Tables that sources keep: clean-up leaves them. */
export async function tablesOfSources(state: State): Promise<string[]> {
  return (await state.query<{ table_id: string }>('SELECT table_id FROM source_tables')).map((row) => row.table_id);
}

/** Forgets what has served; answers the tables that may be dropped now. */
export async function endOfSourceTables(state: State): Promise<string[]> {
  await state.query(`DELETE FROM source_uses WHERE used_at < now() - interval '70 days'`);
  await state.query('DELETE FROM source_notes WHERE expires_at < now()');
  await state.query('DELETE FROM source_leases WHERE expires_at < now()');
  return (await state.query<{ table_id: string }>(`DELETE FROM source_tables WHERE expires_at < now() - ${grace} RETURNING table_id`)).map((row) => row.table_id);
}
