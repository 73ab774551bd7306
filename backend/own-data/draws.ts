import type { DrawOutcome } from '../../shared/draw.ts';
import type { LocalText } from '../../shared/language.ts';
import { firstId, moment, pages, seconds, type OwnViewMaker } from './own-data.ts';

interface Row {
  key: string;
  task_id: string;
  title: LocalText;
  subject: string;
  repeat: number;
  prepared_by: string;
  frozen_at: Date;
  held_at: Date;
  held_by: string;
  seed: string;
  public_number: string | null;
  outcome: DrawOutcome;
}

const sql = `
  SELECT DISTINCT ON (d.id) d.id AS key, d.task_id, d.title, d.subject, d.repeat, d.prepared_by, x.finished_at AS frozen_at, d.held_at, d.held_by, d.seed, d.public_number, x.outcome
  FROM draws d JOIN executions x ON x.outcome->>'drawId' = d.id::text AND x.state = 'succeeded'
  WHERE d.held_at IS NOT NULL AND d.id > $1 ORDER BY d.id, x.finished_at LIMIT $2`;

/** Draws that were held, with all that is needed to repeat them. Reasons are left out: they may be personal. */
export const draws: OwnViewMaker = ({ state, timeZone }) => ({
  name: 'draws',
  columns: [
    { name: 'draw_id', engineType: 'String' },
    { name: 'task', engineType: 'String' },
    { name: 'title_ru', engineType: 'String' },
    { name: 'title_en', engineType: 'String' },
    { name: 'drawn_for', engineType: 'String' },
    { name: 'repeat', engineType: 'UInt32' },
    { name: 'frozen_by', engineType: 'String' },
    { name: 'frozen_at', engineType: moment(timeZone) },
    { name: 'held_by', engineType: 'String' },
    { name: 'held_at', engineType: moment(timeZone) },
    { name: 'participants', engineType: 'UInt64' },
    { name: 'tickets', engineType: 'UInt64' },
    { name: 'fingerprint', engineType: 'String' },
    { name: 'seed_hash', engineType: 'String' },
    { name: 'seed', engineType: 'String' },
    { name: 'public_number', engineType: 'Nullable(String)' },
  ],
  rows: async function* () {
    for await (const { key, task_id: task, title, subject, repeat, prepared_by: by, frozen_at: frozen, held_at: held, held_by: holder, seed, public_number: number, outcome } of pages<Row>(state, sql, firstId))
      yield [key, task, title.ru, title.en, subject, repeat, by, seconds(frozen), holder, seconds(held), outcome.participants, outcome.tickets, outcome.fingerprint, outcome.seedHash, seed, number];
  },
});
