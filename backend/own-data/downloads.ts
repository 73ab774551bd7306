import { moment, pages, seconds, type OwnViewMaker } from './own-data.ts';

interface Row {
  key: number;
  run_id: string;
  number: string;
  task_id: string;
  person: string;
  format: string;
  partner: boolean;
  started_at: Date;
  finished_at: Date | null;
  bytes: number;
  completed: boolean;
}

const sql = `
  SELECT d.id AS key, l.run_id, r.number, r.task_id, l.person, l.format, l.partner, d.started_at, d.finished_at, d.bytes, d.completed
  FROM downloads d JOIN links l ON l.id = d.link_id JOIN runs r ON r.id = l.run_id WHERE d.id > $1 ORDER BY d.id LIMIT $2`;

/** Files taken behind links. `person` made the link; who followed it is not known. */
export const downloads: OwnViewMaker = ({ state, timeZone }) => ({
  name: 'downloads',
  columns: [
    { name: 'run_id', engineType: 'String' },
    { name: 'run_number', engineType: 'String' },
    { name: 'task', engineType: 'String' },
    { name: 'person', engineType: 'String' },
    { name: 'format', engineType: 'String' },
    { name: 'for_partner', engineType: 'Bool' },
    { name: 'started_at', engineType: moment(timeZone) },
    { name: 'finished_at', engineType: `Nullable(${moment(timeZone)})` },
    { name: 'bytes', engineType: 'UInt64' },
    { name: 'completed', engineType: 'Bool' },
  ],
  rows: async function* () {
    for await (const row of pages<Row>(state, sql, 0))
      yield [row.run_id, row.number, row.task_id, row.person, row.format, row.partner, seconds(row.started_at), seconds(row.finished_at), row.bytes, row.completed];
  },
});
