import { mkdir } from 'node:fs/promises';
import { PGlite, type Transaction as PgliteTransaction } from '@electric-sql/pglite';
import { fromPglite, type Db } from 'pg-boss';
import { parseCount, typeNumbers, type Engine, type EngineTransaction } from './engine.ts';
import type { Parameter } from './state.ts';

const asText = (text: string): string => text;
const parsers = {
  [typeNumbers.int8]: parseCount,
  [typeNumbers.date]: asText,
  [typeNumbers.timestamp]: asText,
};

/** PostgreSQL inside this process, its files in `directory`; `loadFrom` fills an empty one from a backup. */
export async function openEmbeddedEngine(directory: string, loadFrom?: Blob): Promise<Engine> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const database = await PGlite.create({ dataDir: directory, parsers, ...(loadFrom && { loadDataDir: loadFrom }) });
  return {
    embedded: true,
    query: (sql, parameters) => rowsOf(database, sql, parameters),
    transaction: (work) => inTransaction(database, work),
    async listen({ channel, onNotify }) {
      const stop = await database.listen(channel, onNotify);
      return () => stop();
    },
    bossOptions: { db: fromPglite(database), backend: 'pglite' },
    // Queries wait while the copy is made, so it is compressed afterwards.
    dump: () => database.dumpDataDir('none'),
    close: () => database.close(),
  };
}

async function rowsOf<T extends object>(on: PGlite | PgliteTransaction, sql: string, parameters: readonly Parameter[]): Promise<T[]> {
  return (await on.query<T>(sql, [...parameters])).rows;
}

/** PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK, so that a swallowed error would look like success. */
async function inTransaction<T>(database: PGlite, work: (transaction: EngineTransaction) => Promise<T>): Promise<T> {
  return database.transaction(async (transaction) => {
    const failures: unknown[] = [];
    const watched = <R>(statement: Promise<R>): Promise<R> => {
      statement.catch((error: unknown) => failures.push(error));
      return statement;
    };
    const result = await work(engineTransaction(transaction, watched));
    if (failures.length > 0) throw failures[0];
    return result;
  });
}

type Watch = <R>(statement: Promise<R>) => Promise<R>;

function engineTransaction(transaction: PgliteTransaction, watched: Watch): EngineTransaction {
  return {
    query: (sql, parameters) => watched(rowsOf(transaction, sql, parameters)),
    async script(sql) {
      await watched(transaction.exec(sql));
    },
    boss: bossDatabase(transaction, watched),
  };
}

/** Not `fromPglite`: that one rolls back after an error, and what follows in our transaction would then be outside of it. */
function bossDatabase(transaction: PgliteTransaction, watched: Watch): Db {
  return {
    async executeSql(text, values) {
      if (values && values.length > 0) return await watched(transaction.query(text, values));
      const results = await watched(transaction.exec(text));
      return { rows: results.flatMap((result) => result.rows) };
    },
  };
}
