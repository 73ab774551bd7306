import type { Draw, DrawConcern, DrawOutcome, DrawPlace, DrawWinner } from '../../shared/draw.ts';
import type { LocalText } from '../../shared/language.ts';
import { startOfDay } from '../../shared/relative-period.ts';
import { isLoaded } from '../forms/loaded-period.ts';
import type { Transaction } from '../state/state.ts';
import type { StoredTable } from '../workbench/workbench.ts';
import { maskId } from './mask.ts';

export interface DrawRow {
  id: string;
  task_id: string;
  title: LocalText;
  subject: string;
  seed: string;
  prepared_by: string;
  held_at: Date | null;
  held_by: string | null;
  reason: string | null;
  public_number: string | null;
  execution_id: string;
  finished_at: Date;
  data_as_of: Date | null;
  dropped_at: Date | null;
  outcome: DrawOutcome;
  results: { name: string; table: StoredTable }[];
  earlier: { id: string; at: string; person: string }[] | null;
}

/** Draws whose participants are frozen. */
export const selectDraws = `
SELECT d.id, d.task_id, d.title, d.subject, d.seed, d.prepared_by, d.held_at, d.held_by, d.reason, d.public_number,
  x.id AS execution_id, x.finished_at, x.data_as_of, x.dropped_at, x.outcome, x.results,
  (SELECT jsonb_agg(jsonb_build_object('id', o.id, 'at', o.held_at, 'person', o.held_by) ORDER BY o.held_at)
   FROM draws o WHERE o.task_id = d.task_id AND o.subject = d.subject AND o.id <> d.id AND o.held_at IS NOT NULL AND (d.repeat IS NULL OR o.repeat < d.repeat)) AS earlier
FROM draws d JOIN executions x ON x.outcome->>'drawId' = d.id::text AND x.state = 'succeeded'`;

interface ReplacementRow {
  place: number;
  declined: string;
  reserve_place: number | null;
  reason: string;
  person: string;
  made_at: Date;
}

export interface HeldPlaces {
  places: DrawPlace[];
  winners: DrawWinner[];
  reserves: DrawPlace[];
}

/** Places as they were drawn, and who has what now. */
export async function readPlaces(transaction: Transaction, drawId: string): Promise<HeldPlaces> {
  const rows = await transaction.query<{ place: number; prize: number | null; participant: string; weight: number }>('SELECT place, prize, participant, weight FROM draw_places WHERE draw_id = $1 ORDER BY place', [drawId]);
  const replaced = await transaction.query<ReplacementRow>('SELECT place, declined, reserve_place, reason, person, made_at FROM draw_replacements WHERE draw_id = $1 ORDER BY id', [drawId]);
  const places = rows.map((row): DrawPlace => ({ ...row, weight: String(row.weight) }));
  const used = new Set(replaced.map(({ reserve_place: place }) => place));
  const winners = places.flatMap(({ place, prize, participant }): DrawWinner[] => {
    if (prize === null) return [];
    const declined = replaced.filter((one) => one.place === place);
    const latest = declined.at(-1);
    const holder = latest === undefined ? participant : (places.find((one) => one.place === latest.reserve_place)?.participant ?? null);
    return [{ place, prize, participant: holder, masked: holder === null ? null : maskId(holder), declined: declined.map((one) => ({ participant: one.declined, reason: one.reason, person: one.person, at: one.made_at.toISOString() })) }];
  });
  return { places, winners, reserves: places.filter(({ prize, place }) => prize === null && !used.has(place)) };
}

/** What whoever draws must explain, or see, first. */
export function concernsOf(row: DrawRow, timeZone: string): DrawConcern[] {
  if (row.held_at !== null) return [];
  const end = row.outcome.period === null ? undefined : startOfDay(row.outcome.period.until, timeZone);
  const loaded = row.data_as_of?.toISOString();
  return [...((row.earlier ?? []).length > 0 ? (['repeated'] as const) : []), ...(end === undefined ? [] : loaded === undefined ? (['loadUnknown'] as const) : isLoaded(loaded, end) ? [] : (['notLoaded'] as const))];
}

export function viewOf(row: DrawRow, held: HeldPlaces | undefined, timeZone: string): Draw {
  return {
    id: row.id,
    taskId: row.task_id,
    title: row.title,
    frozen: row.outcome,
    frozenBy: row.prepared_by,
    frozenAt: row.finished_at.toISOString(),
    dataAsOf: row.data_as_of?.toISOString() ?? null,
    concerns: concernsOf(row, timeZone),
    earlier: (row.earlier ?? []).map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
    held:
      held === undefined || row.held_at === null || row.held_by === null
        ? null
        : { at: row.held_at.toISOString(), person: row.held_by, reason: row.reason, publicNumber: row.public_number, seed: row.seed, places: held.places, winners: held.winners, reserves: held.reserves.map(({ participant }) => participant) },
  };
}
