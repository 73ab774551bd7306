import { createHash } from 'node:crypto';
import { Problem } from '../../shared/problem.ts';
import type { Engine, EngineTransaction } from './engine.ts';
import type { Migration } from './migrations/migration.ts';

/** Any constant of ours: several backends that start at once take turns on it. */
const lockKey = 7_234_501;

/** Brings the schema up to the newest migration, all or nothing. Refuses a schema that is newer than this program or was changed. */
export async function migrate(engine: Engine, migrations: readonly Migration[]): Promise<number> {
  return engine.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await transaction.script(
      'CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = await appliedMigrations(transaction, migrations);
    const missing = migrations.filter(({ number }) => !applied.has(number));
    for (const migration of missing) await apply(transaction, migration);
    return missing.length;
  });
}

async function appliedMigrations(transaction: EngineTransaction, migrations: readonly Migration[]): Promise<Set<number>> {
  const applied = await transaction.query<{ number: number; name: string; checksum: string }>('SELECT number, name, checksum FROM schema_migrations', []);
  for (const { number, name, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) throw newer(number, name);
    if (checksumOf(known) !== checksum) throw changed(number, name);
  }
  return new Set(applied.map(({ number }) => number));
}

async function apply(transaction: EngineTransaction, migration: Migration): Promise<void> {
  await transaction.script(migration.sql);
  await transaction.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
    migration.number,
    migration.name,
    checksumOf(migration),
  ]);
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

function newer(number: number, name: string): Problem {
  return new Problem('conflict', {
    ru: `База состояния новее этой программы: в ней есть изменение ${number} «${name}». Запустите версию Tasksheet не старше той, что его внесла.`,
    en: `The state database is newer than this program: it has migration ${number} "${name}". Run a Tasksheet at least as new as the one that applied it.`,
  });
}

function changed(number: number, name: string): Problem {
  return new Problem('conflict', {
    ru: `Изменение ${number} «${name}» базы состояния применено в другом виде, чем в этой программе. Верните программу той же сборки или восстановите резервную копию.`,
    en: `Migration ${number} "${name}" was applied to the state database in another form than this program has. Use the same build again, or restore a backup.`,
  });
}
