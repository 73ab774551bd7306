import type { LocalText } from '../../shared/language.ts';
import { firstId, moment, pages, seconds, type OwnViewMaker } from './own-data.ts';

interface Row {
  key: string;
  number: string;
  task_id: string;
  title: LocalText;
  task_version: string;
  person: string;
  state: string;
  problem_code: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  row_count: number | null;
  sources: string[];
  recalled: boolean;
}

const sql = `
  SELECT r.id AS key, r.number, r.task_id, r.title, r.task_version, r.person, r.created_at, e.started_at, e.finished_at, e.sources,
         CASE WHEN r.cancelled_at IS NOT NULL THEN 'cancelled' ELSE e.state END AS state, e.problem->>'code' AS problem_code,
         (SELECT sum((one->'table'->>'rows')::bigint)::bigint FROM jsonb_array_elements(e.results) AS one) AS row_count,
         EXISTS (SELECT 1 FROM recalled_runs x WHERE x.run_id = r.id) AS recalled
  FROM runs r JOIN executions e ON e.id = r.execution_id WHERE r.id > $1 ORDER BY r.id LIMIT $2`;

/** Who ran what, when, how long it took and how it ended. What they entered is left out: it may be personal. */
export const runs: OwnViewMaker = ({ state, timeZone }) => ({
  name: 'runs',
  columns: [
    { name: 'id', engineType: 'String' },
    { name: 'number', engineType: 'String' },
    { name: 'task', engineType: 'String' },
    { name: 'task_title_ru', engineType: 'String' },
    { name: 'task_title_en', engineType: 'String' },
    { name: 'version', engineType: 'String' },
    { name: 'person', engineType: 'String' },
    { name: 'state', engineType: 'String' },
    { name: 'problem', engineType: 'Nullable(String)' },
    { name: 'created_at', engineType: moment(timeZone) },
    { name: 'started_at', engineType: `Nullable(${moment(timeZone)})` },
    { name: 'finished_at', engineType: `Nullable(${moment(timeZone)})` },
    { name: 'elapsed_seconds', engineType: 'Nullable(Float64)' },
    { name: 'row_count', engineType: 'Nullable(UInt64)' },
    { name: 'sources', engineType: 'Array(String)' },
    { name: 'recalled', engineType: 'Bool' },
  ],
  rows: async function* () {
    for await (const row of pages<Row>(state, sql, firstId)) {
      const elapsed = row.started_at === null || row.finished_at === null ? null : (row.finished_at.getTime() - row.started_at.getTime()) / 1000;
      yield [
        row.key, row.number, row.task_id, row.title.ru, row.title.en, row.task_version, row.person, row.state, row.problem_code,
        seconds(row.created_at), seconds(row.started_at), seconds(row.finished_at), elapsed, row.row_count, row.sources, row.recalled,
      ];
    }
  },
});
