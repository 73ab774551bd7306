import type { IncidentDecision, MadeDecision } from '../../shared/alert.ts';
import { Problem } from '../../shared/problem.ts';
import type { State, Transaction } from '../state/state.ts';
import type { IncidentRow } from './incident-store.ts';

const longestMuteMs = 366 * 86_400_000;

interface Written {
  from: Date;
  until: Date | null;
  reason: string | null;
}

function written(row: IncidentRow, decision: IncidentDecision, now: Date): Written {
  const reason = 'reason' in decision ? (decision.reason ?? null) : null;
  switch (decision.decision) {
    case 'muted':
      return { from: now, until: new Date(decision.until), reason };
    case 'expected':
      return { from: row.since, until: row.closed_at, reason };
    case 'acknowledged':
    case 'newNormal':
      return { from: row.since, until: null, reason };
  }
}

async function apply(transaction: Transaction, row: IncidentRow, decision: IncidentDecision, { person, now }: { person: string; now: Date }): Promise<void> {
  const update = (sql: string, ...given: (string | Date)[]) => transaction.query(`UPDATE incidents SET ${sql} WHERE id = $1 AND closed_at IS NULL`, [row.id, ...given]);
  switch (decision.decision) {
    case 'acknowledged':
      await update('acknowledged_by = $2', person);
      return;
    case 'muted':
      await update("state = 'muted', muted_until = $2", new Date(decision.until));
      return;
    case 'expected':
      await update("state = 'muted', muted_until = NULL");
      return;
    case 'newNormal':
      await update("state = 'absorbed', closed_at = $2", now);
      return;
  }
}

/** Keeps what a person says about an incident, and what follows from it. */
export async function decide(state: State, { id, decision, person, now }: { id: string; decision: IncidentDecision; person: string; now: Date }): Promise<void> {
  if (decision.decision === 'muted' && !(new Date(decision.until) > now && new Date(decision.until).getTime() - now.getTime() <= longestMuteMs))
    throw new Problem('invalid_request', { ru: 'Заглушить можно до времени в будущем, не дальше года.', en: 'Mute until a time in the future, within a year.' });
  await state.transaction(async (transaction) => {
    const [row] = await transaction.query<IncidentRow>('SELECT * FROM incidents WHERE id = $1 FOR UPDATE', [id]);
    if (row === undefined) throw new Problem('not_found', { ru: 'Такого оповещения нет.', en: 'There is no such alert.' });
    const { from, until, reason } = written(row, decision, now);
    await transaction.query('INSERT INTO incident_decisions (incident_id, decision, from_at, until_at, reason, person, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)', [id, decision.decision, from, until, reason, person, now]);
    await apply(transaction, row, decision, { person, now });
  });
}

export async function decisionsOf(state: State, monitor: string): Promise<MadeDecision[]> {
  const rows = await state.query<{ decision: MadeDecision['decision']; series: string; from_at: Date; until_at: Date | null; reason: string | null; person: string; made_at: Date }>(
    'SELECT d.*, i.series FROM incident_decisions d JOIN incidents i ON i.id = d.incident_id WHERE i.monitor = $1 ORDER BY d.id',
    [monitor],
  );
  return rows.map((row) => ({ decision: row.decision, monitor, series: row.series, from: row.from_at.toISOString(), until: row.until_at?.toISOString() ?? null, reason: row.reason, person: row.person, madeAt: row.made_at.toISOString() }));
}
