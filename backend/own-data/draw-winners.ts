import type { LocalText } from '../../shared/language.ts';
import { moment, pages, seconds, type OwnViewMaker } from './own-data.ts';

interface Row {
  key: string;
  draw_id: string;
  task_id: string;
  subject: string;
  repeat: number;
  held_at: Date;
  held_by: string;
  place: number;
  prize: LocalText | null;
  participant: string | null;
}

const sql = `
  SELECT key, draw_id, task_id, subject, repeat, held_at, held_by, place, prize, participant FROM (
    SELECT w.draw_id::text || ' ' || lpad(w.place::text, 8, '0') AS key, w.draw_id, d.task_id, d.subject, d.repeat, d.held_at, d.held_by, w.place, w.participant,
      (SELECT x.outcome->'prizes'->w.prize->'title' FROM executions x WHERE x.outcome->>'drawId' = d.id::text AND x.state = 'succeeded' LIMIT 1) AS prize
    FROM draw_winners w JOIN draws d ON d.id = w.draw_id
  ) AS rows WHERE key > $1 ORDER BY key LIMIT $2`;

/** Who has the prizes of every draw now: after replacements, without prizes that nobody took. */
export const drawWinners: OwnViewMaker = ({ state, timeZone }) => ({
  name: 'draw_winners',
  columns: [
    { name: 'draw_id', engineType: 'String' },
    { name: 'task', engineType: 'String' },
    { name: 'drawn_for', engineType: 'String' },
    { name: 'repeat', engineType: 'UInt32' },
    { name: 'held_at', engineType: moment(timeZone) },
    { name: 'held_by', engineType: 'String' },
    { name: 'place', engineType: 'UInt32' },
    { name: 'prize_ru', engineType: 'String' },
    { name: 'prize_en', engineType: 'String' },
    { name: 'participant', engineType: 'String' },
  ],
  rows: async function* () {
    for await (const row of pages<Row>(state, sql, ''))
      if (row.participant !== null) yield [row.draw_id, row.task_id, row.subject, row.repeat, seconds(row.held_at), row.held_by, row.place, row.prize?.ru ?? '', row.prize?.en ?? '', row.participant];
  },
});
