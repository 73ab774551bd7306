import type { Transaction } from './state.ts';

/** Removes what has served: used or expired sign-in codes, old failures, instances long gone. History, links and audit stay. */
export async function cleanUp(state: Transaction): Promise<void> {
  await state.query(`DELETE FROM sign_in_codes WHERE expires_at < now() - interval '7 days'`);
  await state.query(`DELETE FROM sign_in_failures WHERE at < now() - interval '1 day'`);
  await state.query(
    `DELETE FROM instances i WHERE coalesce(i.stopped_at, i.seen_at) < now() - interval '30 days'
       AND NOT EXISTS (SELECT 1 FROM executions e WHERE e.owner_instance = i.id AND e.state = 'running')
       AND i.id NOT IN (SELECT instance_id FROM job_claims)`,
  );
}
