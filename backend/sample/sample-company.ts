import { brandStatements, cardStatements } from './cards.ts';
import { experimentStatements } from './experiments.ts';
import { hourStatements } from './calendar.ts';
import { eventStatements } from './events.ts';
import { pushStatements } from './pushes.ts';
import { userStatements } from './users.ts';
import { sampleZone, type SamplePlan, type SampleStatement } from './plan.ts';
import { isoDate } from '../../shared/relative-period.ts';
import type { LocalText } from '../../shared/language.ts';

export interface SampleOptions {
  database: 'wallet';
  /** Share of the full size; 1 is 100,000 users, 400,000 cards and 5,000,000 events. */
  scale?: number;
  /** The local day in Moscow; the data ends the evening before. */
  today: string;
  progress: (done: number, of: number, words: LocalText) => void;
}

/** Finds out whether the sample is there, whole: the table is made last. One row: `today` and `scale`. */
export const sampleMarker = { database: 'wallet', table: 'sample_company', sql: 'SELECT today, scale FROM sample_company' } as const;

/**
 * Makes the sample company inside ClickHouse, the same every time for the same `today` and scale. What was in the
 * database before is dropped. `command` runs one statement.
 */
export async function createSampleCompany(command: (sql: string) => Promise<void>, options: SampleOptions): Promise<void> {
  const sections = sampleSections(planOf(options));
  const total = sections.flatMap(({ statements }) => statements).reduce((sum, { cost }) => sum + cost, 0);
  let done = 0;
  for (const { words, statements } of sections) {
    for (const { sql, cost } of statements) {
      options.progress(done, total, words);
      await command(sql);
      done += cost;
    }
  }
  options.progress(total, total, { ru: 'Готово', en: 'Done' });
}

function planOf({ database, today, scale = 1 }: SampleOptions): SamplePlan {
  if (!isoDate.safeParse(today).success) throw new RangeError(`today must be a day YYYY-MM-DD, this is ${today}`);
  if (!(scale >= 0.01 && scale <= 10)) throw new RangeError(`scale must be from 0.01 to 10, this is ${scale}`);
  return { database, today, scale, users: Math.round(100_000 * scale), events: Math.round(5_000_000 * scale) };
}

function sampleSections(plan: SamplePlan): { words: LocalText; statements: SampleStatement[] }[] {
  const { database } = plan;
  return [
    { words: { ru: 'База данных', en: 'Database' }, statements: [{ sql: `DROP DATABASE IF EXISTS ${database} SYNC`, cost: 0.1 }, { sql: `CREATE DATABASE ${database}`, cost: 0.1 }] },
    { words: { ru: 'Люди', en: 'People' }, statements: userStatements(plan) },
    { words: { ru: 'Бренды', en: 'Brands' }, statements: brandStatements(plan) },
    { words: { ru: 'Карты', en: 'Cards' }, statements: cardStatements(plan) },
    { words: { ru: 'Пуши', en: 'Pushes' }, statements: pushStatements(plan) },
    { words: { ru: 'События', en: 'Events' }, statements: [...hourStatements(plan), ...eventStatements(plan), { sql: `DROP TABLE ${database}.event_hours SYNC`, cost: 0.1 }] },
    { words: { ru: 'A/B-тесты', en: 'A/B tests' }, statements: experimentStatements(plan) },
    { words: { ru: 'Отметка о готовности', en: 'Mark of completion' }, statements: [{ sql: markerSql(plan), cost: 0.1 }] },
  ];
}

/** Made last: it exists only when everything else does. */
function markerSql({ database, today, scale }: SamplePlan): string {
  return `CREATE TABLE ${database}.${sampleMarker.table} ENGINE = MergeTree ORDER BY today AS
    SELECT toDate('${today}') AS today, toFloat64(${scale}) AS scale, toDateTime(toDate('${today}'), '${sampleZone}') - toIntervalSecond(1) AS loaded_at`;
}
