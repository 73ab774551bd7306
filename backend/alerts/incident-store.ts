import { createHash, randomUUID } from 'node:crypto';
import type { Importance, Incident, IncidentState } from '../../shared/alert.ts';
import { toJson, type Transaction } from '../state/state.ts';
import type { Evaluation, Finding } from './alerts.ts';
import { isClosed, type IncidentStep, type OpenIncident } from './incident-step.ts';

type Stored = Omit<Finding, 'since'> & { check?: Evaluation['check']; mention?: string };

/** One incident as it is kept. */
export interface IncidentRow {
  id: string;
  number: number;
  fingerprint: string;
  monitor: string;
  series: string;
  direction: 'up' | 'down';
  kind: string;
  state: IncidentState;
  channel: string | null;
  importance: Importance;
  owner: string | null;
  finding: Stored;
  since: Date;
  opened_at: Date;
  bucket: Date;
  quiet: number;
  cause: string | null;
  told_at: Date | null;
  acknowledged_by: string | null;
  muted_until: Date | null;
  closed_at: Date | null;
}

const separator = '\u001f';

export function fingerprintOf(monitor: string, { series, direction, kind }: Pick<Finding, 'series' | 'direction' | 'kind'>): string {
  return createHash('sha1').update([monitor, series, direction, kind].join(separator)).digest('hex');
}

export function openPart(row: IncidentRow): OpenIncident {
  return { state: row.state, importance: row.importance, quiet: row.quiet, toldAt: row.told_at, acknowledged: row.acknowledged_by !== null, mutedUntil: row.muted_until };
}

export async function openIncidents(transaction: Transaction, monitor: string): Promise<IncidentRow[]> {
  return transaction.query<IncidentRow>('SELECT * FROM incidents WHERE monitor = $1 AND closed_at IS NULL ORDER BY number', [monitor]);
}

/** What is open under a monitor's former ids goes on under its new one. */
export async function renameIncidents(transaction: Transaction, { monitor, formerIds = [] }: Evaluation): Promise<void> {
  for (const former of formerIds)
    for (const row of await openIncidents(transaction, former))
      await transaction.query(
        'UPDATE incidents i SET monitor = $2, fingerprint = $3 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM incidents o WHERE o.fingerprint = $3 AND o.closed_at IS NULL)',
        [row.id, monitor, fingerprintOf(monitor, row)],
      );
}

function stored(finding: Finding, { check, mention }: Evaluation): Stored {
  return { ...finding, ...(check === undefined ? {} : { check }), ...(mention === undefined ? {} : { mention }) };
}

export async function insertIncident(transaction: Transaction, evaluation: Evaluation, finding: Finding, { step, channel, mutedUntil, now }: { step: IncidentStep; channel: string | null; mutedUntil: Date | null; now: Date }): Promise<IncidentRow> {
  const rows = await transaction.query<IncidentRow>(
    `INSERT INTO incidents (id, fingerprint, monitor, series, direction, kind, state, channel, importance, owner, finding, since, opened_at, bucket, muted_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING *`,
    [randomUUID(), fingerprintOf(evaluation.monitor, finding), evaluation.monitor, finding.series, finding.direction, finding.kind, step.state, channel, evaluation.importance, evaluation.owner ?? null, toJson(stored(finding, evaluation)), finding.since, now, evaluation.bucket, mutedUntil],
  );
  return rows[0] as IncidentRow;
}

export async function updateIncident(transaction: Transaction, row: IncidentRow, evaluation: Evaluation, { step, finding, now }: { step: IncidentStep; finding: Finding | undefined; now: Date }): Promise<IncidentRow> {
  const closed = isClosed(step.state);
  const newest = finding === undefined ? row.finding : stored(finding, evaluation);
  const rows = await transaction.query<IncidentRow>('UPDATE incidents SET state = $2, quiet = $3, finding = $4, bucket = $5, closed_at = $6 WHERE id = $1 RETURNING *', [row.id, step.state, step.quiet, toJson(newest), evaluation.bucket, closed ? now : null]);
  // "Expected" holds as long as the incident does.
  if (closed) await transaction.query("UPDATE incident_decisions SET until_at = $2 WHERE incident_id = $1 AND decision = 'expected' AND until_at IS NULL", [row.id, evaluation.bucket]);
  return rows[0] as IncidentRow;
}

/** Until when a person has silenced this series, on an incident that is over by now. */
export async function mutedUntil(transaction: Transaction, fingerprint: string, now: Date): Promise<Date | null> {
  const [row] = await transaction.query<{ until_at: Date }>(
    `SELECT d.until_at FROM incident_decisions d JOIN incidents i ON i.id = d.incident_id
     WHERE i.fingerprint = $1 AND d.decision = 'muted' AND d.until_at > $2 ORDER BY d.until_at DESC LIMIT 1`,
    [fingerprint, now],
  );
  return row?.until_at ?? null;
}

/** How often it came and went in the last week. */
export async function flaps(transaction: Transaction, fingerprint: string, now: Date): Promise<number> {
  const [row] = await transaction.query<{ count: number }>("SELECT count(*) AS count FROM incidents WHERE fingerprint = $1 AND state = 'resolved' AND told_at IS NOT NULL AND closed_at > $2::timestamptz - interval '7 days'", [fingerprint, now]);
  return row?.count ?? 0;
}

export function incidentView(row: IncidentRow): Incident {
  const { finding } = row;
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    monitor: row.monitor,
    series: row.series,
    title: finding.title,
    direction: row.direction,
    kind: row.kind,
    importance: row.importance,
    owner: row.owner,
    since: row.since.toISOString(),
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    value: finding.value,
    low: finding.low,
    high: finding.high,
    points: finding.points,
    cause: row.cause,
    mutedUntil: row.muted_until?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
  };
}
