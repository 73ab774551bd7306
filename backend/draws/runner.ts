import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FormValues } from '../../shared/form.ts';
import type { KindInput, KindOutcome, KindRequest, KindRunner } from '../runs/kind-runner.ts';
import { freeze } from './freeze.ts';
import type { Draws } from './draws.ts';
import type { DrawSection } from './section.ts';

interface Planned {
  drawId: string;
  seedHash: string;
  section: DrawSection;
  period: { from: string; until: string } | null;
  lastWinners: string[];
  /** Whether ids are personal data, such as addresses. */
  personal: boolean;
}

const periodValue = z.object({ from: z.string(), until: z.string() });

/** What one draw stands for: its period, or all of the values where there is none. */
function subjectOf(period: Planned['period'], values: FormValues): string {
  if (period !== null) return `${period.from}..${period.until}`;
  const sorted = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** Draws: a run freezes the participants. The draw itself is an action of its own, once. */
export function drawRunner(draws: Pick<Draws, 'prepare'>): KindRunner {
  return {
    kind: 'draw',
    tables: ['participants'],
    plan: (request) => plan(request, draws),
    finish: (planned, input) => finish(planned as Planned, input),
  };
}

async function plan({ task, values, person }: KindRequest, draws: Pick<Draws, 'prepare'>): Promise<Planned> {
  const section = task.section as DrawSection;
  const period = section.period === undefined ? null : (periodValue.safeParse(values[section.period]).data ?? null);
  // The seed is chosen before anybody, this program included, knows who takes part.
  const { id, seedHash, lastWinners } = await draws.prepare(task, { subject: subjectOf(period, values), person });
  return { drawId: id, seedHash, section, period, lastWinners: section.exclude.includes('lastWinners') ? lastWinners : [], personal: task.columns[section.participant]?.personal ?? false };
}

async function finish({ drawId, seedHash, section, period, lastWinners, personal }: Planned, input: KindInput): Promise<KindOutcome> {
  const { table, fingerprint, tickets, funnel } = await freeze(section, lastWinners, input);
  return {
    outcome: { kind: 'draw', drawId, period, participants: table.rows, tickets: String(tickets), fingerprint, seedHash, strict: section.strict, prizes: section.prizes, reserves: section.reserves, funnel },
    results: [
      {
        name: 'participants',
        title: { ru: 'Участники', en: 'Participants' },
        table,
        columns: { participant: { title: { ru: 'Участник', en: 'Participant' }, type: 'code', personal }, weight: { title: { ru: 'Билетов', en: 'Tickets' }, type: 'integer', personal: false } },
      },
    ],
  };
}
