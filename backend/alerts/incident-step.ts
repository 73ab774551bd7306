import type { Importance, IncidentState } from '../../shared/alert.ts';

/** What counts of an open incident for its next step. */
export interface OpenIncident {
  state: IncidentState;
  importance: Importance;
  /** Buckets in a row without it. */
  quiet: number;
  toldAt: Date | null;
  acknowledged: boolean;
  mutedUntil: Date | null;
}

/** What one evaluation shows of it. `unknown`: the series could not be scored. */
export type Seen = { kind: 'scored'; score: number } | { kind: 'quiet' } | { kind: 'absorbed' } | { kind: 'unknown' };

/** `begun` and `over` are told once, `again` reminds. */
export type Telling = 'begun' | 'again' | 'over' | 'absorbed';

export interface IncidentStep {
  state: IncidentState;
  quiet: number;
  tell: Telling | null;
}

/** From here on one bucket is enough. */
const certain = 1.3;
const quietToResolve = 2;
const reminderMs = 24 * 3_600_000;

/** The first look at a series without an open incident; `null` when there is nothing to keep. */
export function firstStep(score: number, mutedNow: boolean): IncidentStep | null {
  if (score < 1) return null;
  if (mutedNow) return { state: 'muted', quiet: 0, tell: null };
  return score >= certain ? { state: 'firing', quiet: 0, tell: 'begun' } : { state: 'pending', quiet: 0, tell: null };
}

function whenSeen(open: OpenIncident, score: number, now: Date): IncidentStep {
  const step = (state: IncidentState, tell: Telling | null = null): IncidentStep => ({ state, quiet: 0, tell });
  switch (open.state) {
    case 'pending':
      return score >= 1 ? step('firing', 'begun') : step('pending');
    case 'muted':
      return open.mutedUntil !== null && open.mutedUntil <= now ? step('ongoing', score >= 1 ? 'again' : null) : step('muted');
    case 'firing':
    case 'ongoing': {
      const due = open.importance === 'critical' && !open.acknowledged && open.toldAt !== null && now.getTime() - open.toldAt.getTime() >= reminderMs;
      return step('ongoing', due && score >= 1 ? 'again' : null);
    }
    case 'resolved':
    case 'absorbed':
      return step(open.state);
  }
}

function whenQuiet(open: OpenIncident): IncidentStep {
  const quiet = open.quiet + 1;
  if (open.state === 'pending') return { state: 'resolved', quiet, tell: null };
  if (quiet < quietToResolve) return { state: open.state, quiet, tell: null };
  return { state: 'resolved', quiet, tell: open.state === 'muted' || open.toldAt === null ? null : 'over' };
}

/** What becomes of an open incident. */
export function nextStep(open: OpenIncident, seen: Seen, now: Date): IncidentStep {
  switch (seen.kind) {
    case 'scored':
      return whenSeen(open, seen.score, now);
    case 'quiet':
      return whenQuiet(open);
    case 'absorbed':
      return { state: 'absorbed', quiet: open.quiet, tell: open.state === 'muted' || open.state === 'pending' ? null : 'absorbed' };
    case 'unknown':
      return { state: open.state, quiet: open.quiet, tell: null };
  }
}

export function isClosed(state: IncidentState): boolean {
  return state === 'resolved' || state === 'absorbed';
}
