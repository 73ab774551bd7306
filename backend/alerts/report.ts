import { DateTime } from 'luxon';
import type { ChannelSettings } from '../catalog/task.ts';
import type { State, Transaction } from '../state/state.ts';
import type { Evaluation, Finding } from './alerts.ts';
import { recoveryMessage, troubleMessage, type ComposeParts } from './compose.ts';
import { fingerprintOf, flaps, insertIncident, mutedUntil, openIncidents, openPart, renameIncidents, updateIncident, type IncidentRow } from './incident-store.ts';
import { firstStep, nextStep, type Seen, type Telling } from './incident-step.ts';
import type { Outbox } from './outbox.ts';

export interface ReportParts extends Pick<ComposeParts, 'timeZone' | 'path'> {
  state: State;
  outbox: Outbox;
  channels: () => ChannelSettings[];
  now: () => Date;
}

/** So many series that move alike in one look have a cause in common. */
const commonSeries = 8;
/** Who joins a common cause later is no news. */
const commonMs = 6 * 3_600_000;
const mostFlaps = 3;

interface Change {
  row: IncidentRow;
  finding: Finding | undefined;
  tell: Telling;
}

/** Where news goes: the channel that is named, or the first one of channels.yaml. */
export function channelOf(name: string | undefined, channels: ChannelSettings[]): ChannelSettings | undefined {
  return channels.find((one) => one.name === name) ?? channels[0];
}

function latenessOf(evaluation: Evaluation): Finding | undefined {
  if (evaluation.lateSince === undefined) return undefined;
  const { title } = evaluation;
  return { series: '', title: { ru: `Данные опаздывают: ${title.ru}`, en: `Data is late: ${title.en}` }, direction: 'down', kind: 'late', score: 2, since: evaluation.lateSince, value: null, low: null, high: null, points: [] };
}

function seenOf(row: IncidentRow, evaluation: Evaluation, finding: Finding | undefined): Seen {
  if (finding !== undefined) return { kind: 'scored', score: finding.score };
  if (evaluation.absorbed?.includes(row.series) === true) return { kind: 'absorbed' };
  const late = evaluation.lateSince !== undefined && row.direction === 'down';
  return late || evaluation.unknown?.includes(row.series) === true ? { kind: 'unknown' } : { kind: 'quiet' };
}

/** One monitor's look: every open incident takes its step, new ones begin. */
async function follow(transaction: Transaction, parts: ReportParts, evaluation: Evaluation): Promise<Change[]> {
  const now = parts.now();
  const { bucket, monitor } = evaluation;
  const first = await transaction.query('INSERT INTO monitor_reports (monitor, bucket) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING monitor', [monitor, bucket]);
  if (first.length === 0) return [];
  await renameIncidents(transaction, evaluation);
  const late = latenessOf(evaluation);
  // A drop in data that is not all there yet is no drop.
  const findings = [...(late === undefined ? [] : [late]), ...evaluation.findings.filter(({ direction }) => late === undefined || direction === 'up')];
  const byPrint = new Map(findings.map((finding) => [fingerprintOf(monitor, finding), finding]));
  const changes: Change[] = [];
  for (const row of await openIncidents(transaction, monitor)) {
    const finding = byPrint.get(row.fingerprint);
    byPrint.delete(row.fingerprint);
    if (row.bucket >= bucket) continue;
    const step = nextStep(openPart(row), seenOf(row, evaluation, finding), now);
    const newest = await updateIncident(transaction, row, evaluation, { step, finding, now });
    if (step.tell !== null) changes.push({ row: newest, finding, tell: step.tell });
  }
  for (const [print, finding] of byPrint) {
    const muted = finding.score >= 1 ? await mutedUntil(transaction, print, now) : null;
    const step = firstStep(finding.score, muted !== null);
    if (step === null) continue;
    const row = await insertIncident(transaction, evaluation, finding, { step, channel: channelOf(evaluation.channel, parts.channels())?.name ?? null, mutedUntil: muted, now });
    if (step.tell !== null) changes.push({ row, finding, tell: step.tell });
  }
  return changes;
}

/** Incidents that another one explains: by what the monitor says, or because so many move at once. */
async function findCauses(transaction: Transaction, begun: Change[], now: Date): Promise<Map<string, string>> {
  const causes = new Map<string, string>();
  const open = await transaction.query<IncidentRow & { members: number }>(
    `SELECT i.*, (SELECT count(*) FROM incidents m WHERE m.cause = i.id) AS members FROM incidents i WHERE closed_at IS NULL AND cause IS NULL AND state IN ('firing', 'ongoing')`,
  );
  for (const { row, finding } of begun) {
    const parent = open.find((one) => one.id !== row.id && one.direction === row.direction && finding?.parents?.includes(`${one.monitor}/${one.series}`) === true);
    if (parent !== undefined) causes.set(row.id, parent.id);
  }
  for (const direction of ['up', 'down'] as const) {
    const alike = begun.filter(({ row }) => row.direction === direction && !causes.has(row.id));
    const common = open.find((one) => one.direction === direction && one.members >= commonSeries - 1 && now.getTime() - one.opened_at.getTime() < commonMs && alike.some(({ row }) => row.channel === one.channel));
    const leader = common ?? (alike.length >= commonSeries ? alike.reduce((most, one) => (one.row.finding.score > most.row.finding.score ? one : most)).row : undefined);
    if (leader !== undefined) for (const { row } of alike) if (row.id !== leader.id && row.importance !== 'critical' && row.channel === leader.channel) causes.set(row.id, leader.id);
  }
  return causes;
}

async function spentToday(transaction: Transaction, channel: string, parts: ReportParts): Promise<number> {
  const start = DateTime.fromJSDate(parts.now(), { zone: parts.timeZone }).startOf('day').toJSDate();
  const [row] = await transaction.query<{ count: number }>("SELECT count(*) AS count FROM alert_messages WHERE channel = $1 AND key LIKE 'incidents/normal/%' AND made_at >= $2", [channel, start]);
  return row?.count ?? 0;
}

/** Only what deserves a message of its own: the rest is in the digest. */
async function worthTelling(transaction: Transaction, rows: IncidentRow[], settings: ChannelSettings, parts: ReportParts): Promise<IncidentRow[]> {
  const spent = await spentToday(transaction, settings.name, parts);
  const kept: IncidentRow[] = [];
  for (const row of rows) {
    const within = row.importance === 'normal' && spent < settings.messagesPerDay && (await flaps(transaction, row.fingerprint, parts.now())) < mostFlaps;
    if (row.importance === 'critical' || within) kept.push(row);
  }
  return kept;
}

async function tell(transaction: Transaction, changes: Change[], parts: ReportParts): Promise<void> {
  const now = parts.now();
  const begun = changes.filter((change) => change.tell === 'begun');
  const causes = await findCauses(transaction, begun, now);
  for (const [id, cause] of causes) await transaction.query('UPDATE incidents SET cause = $2 WHERE id = $1', [id, cause]);
  const compose: ComposeParts = { timeZone: parts.timeZone, now, path: parts.path };
  for (const settings of parts.channels()) {
    const of = (telling: Telling) => changes.filter(({ tell: one, row }) => one === telling && row.channel === settings.name).map(({ row }) => row);
    const untold = await worthTelling(transaction, of('begun').filter(({ id }) => !causes.has(id)), settings, parts);
    const explained = of('begun').filter(({ id }) => untold.some((row) => row.id === causes.get(id)));
    if (untold.length > 0) await say(transaction, parts, settings, untold, troubleMessage(untold, explained, { ...compose, again: false }));
    const again = of('again');
    if (again.length > 0) await say(transaction, parts, settings, again, troubleMessage(again, [], { ...compose, again: true }));
    const over = of('over').filter(({ cause }) => cause === null);
    if (over.length > 0) await parts.outbox.add(transaction, { key: `incidents/over/${settings.name}/${over[0]?.id ?? ''}`, channel: settings.name, content: recoveryMessage(over, compose) });
  }
}

async function say(transaction: Transaction, parts: ReportParts, { name }: ChannelSettings, rows: IncidentRow[], content: ReturnType<typeof troubleMessage>): Promise<void> {
  const heaviest = rows.some(({ importance }) => importance === 'critical') ? 'critical' : 'normal';
  await parts.outbox.add(transaction, { key: `incidents/${heaviest}/${name}/${rows[0]?.id ?? ''}/${parts.now().toISOString()}`, channel: name, content });
  await transaction.query('UPDATE incidents SET told_at = $2 WHERE id = ANY($1::uuid[])', [rows.map(({ id }) => id), parts.now()]);
}

/** All of one go in one transaction: what was detected is told, whatever dies in between. */
export async function report(parts: ReportParts, evaluations: Evaluation[]): Promise<void> {
  await parts.state.transaction(async (transaction) => {
    // Two backends at the same hour take turns; the second one finds it reported.
    await transaction.query('SELECT pg_advisory_xact_lock(7201008)');
    const changes: Change[] = [];
    for (const evaluation of evaluations) changes.push(...(await follow(transaction, parts, evaluation)));
    if (changes.length > 0) await tell(transaction, changes, parts);
  });
}
