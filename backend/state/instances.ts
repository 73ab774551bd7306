import { hostname } from 'node:os';
import type { Engine } from './engine.ts';

/** Class of our advisory locks that say "this instance lives"; PostgreSQL frees them when the process dies. */
const lockClass = 723_451;

const live = `(i.stopped_at IS NULL AND i.seen_at > now() - interval '60 seconds' AND (i.seen_at > now() - interval '5 seconds' OR EXISTS (
  SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${lockClass}::oid
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.objid::bigint = (hashtext(i.id::text)::bigint & 4294967295))))`;

/** Locks the instance's own row number in the engine for as long as its connection lasts. */
export function sessionLockOf(instanceId: string): string {
  return `SELECT pg_advisory_lock(${lockClass}, hashtext('${instanceId}'))`;
}

export async function registerInstance(engine: Engine, id: string, version: string): Promise<void> {
  await engine.query('INSERT INTO instances (id, host, pid, version) VALUES ($1, $2, $3, $4)', [id, hostname(), process.pid, version]);
}

export async function beatInstance(engine: Engine, id: string): Promise<void> {
  await engine.query('UPDATE instances SET seen_at = now() WHERE id = $1', [id]);
}

export async function stopInstance(engine: Engine, id: string): Promise<void> {
  await engine.query('UPDATE instances SET stopped_at = now() WHERE id = $1', [id]);
}

/**
 * Who is running. Embedded: this process alone, since it holds the directory. Served: whose heartbeat is fresh, or whose
 * lock is still held while its event loop is busy; a silence of a minute ends both.
 */
export async function liveInstances(engine: Engine, ownId: string): Promise<string[]> {
  if (engine.embedded) return [ownId];
  const rows = await engine.query<{ id: string }>(`SELECT i.id FROM instances i WHERE i.id <> $1 AND ${live}`, [ownId]);
  return [ownId, ...rows.map(({ id }) => id)];
}

/** Gives the jobs of instances that are gone back to their queues; returns the queues that have work again. */
export async function recoverJobs(engine: Engine, liveIds: readonly string[]): Promise<string[]> {
  const unowned = engine.embedded
    ? `UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active' AND id NOT IN (SELECT job_id FROM job_claims WHERE instance_id = ANY($1::uuid[])) RETURNING name AS queue`
    : `UPDATE pgboss.job j SET state = 'retry', start_after = now() FROM job_claims c
       WHERE c.instance_id <> ALL($1::uuid[]) AND j.name = c.queue AND j.id = c.job_id AND j.state = 'active' RETURNING j.name AS queue`;
  return engine.transaction(async (transaction) => {
    const recovered = await transaction.query<{ queue: string }>(unowned, [[...liveIds]]);
    await transaction.query('DELETE FROM job_claims WHERE instance_id <> ALL($1::uuid[])', [[...liveIds]]);
    return [...new Set(recovered.map(({ queue }) => queue))];
  });
}
