import { firstId, moment, pages, seconds, type OwnViewMaker } from './own-data.ts';

interface Row {
  key: string;
  task_id: string | null;
  number: string | null;
  asked_by: string;
  owner: string | null;
  state: string;
  created_at: Date;
  taken_by: string | null;
  taken_at: Date | null;
  answered_by: string | null;
  answered_at: Date | null;
  became_task: string | null;
}

const sql = `
  SELECT q.id AS key, q.task_id, r.number, q.asked_by, q.owner, q.state, q.created_at, q.taken_by, q.taken_at, q.answered_by, q.answered_at, q.became_task
  FROM questions q LEFT JOIN runs r ON r.id = q.run_id WHERE q.id > $1 ORDER BY q.id LIMIT $2`;

/** What colleagues asked analysts for, and what came of it. Their words are left out: they may be personal. */
export const requests: OwnViewMaker = ({ state, timeZone }) => ({
  name: 'requests',
  columns: [
    { name: 'id', engineType: 'String' },
    { name: 'task', engineType: 'Nullable(String)' },
    { name: 'run_number', engineType: 'Nullable(String)' },
    { name: 'asked_by', engineType: 'String' },
    { name: 'owner', engineType: 'Nullable(String)' },
    { name: 'state', engineType: 'String' },
    { name: 'created_at', engineType: moment(timeZone) },
    { name: 'taken_by', engineType: 'Nullable(String)' },
    { name: 'taken_at', engineType: `Nullable(${moment(timeZone)})` },
    { name: 'closed_by', engineType: 'Nullable(String)' },
    { name: 'closed_at', engineType: `Nullable(${moment(timeZone)})` },
    { name: 'became_task', engineType: 'Nullable(String)' },
  ],
  rows: async function* () {
    for await (const row of pages<Row>(state, sql, firstId))
      yield [
        row.key, row.task_id, row.number, row.asked_by, row.owner, row.state, seconds(row.created_at),
        row.taken_by, seconds(row.taken_at), row.answered_by, seconds(row.answered_at), row.became_task,
      ];
  },
});
