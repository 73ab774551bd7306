import { DateTime } from 'luxon';
import type { QueryContext } from '../workbench/workbench.ts';
import { sourceNamed, type PlannedStep, type Sources } from './plan.ts';

/**
 * How far a task's data is loaded: the first value of the `fresh` query as ISO 8601 with offset, `null` when there is none.
 * A date without a time counts as loaded to its end; a time without a zone is in the company's.
 */
export async function readFreshness(fresh: PlannedStep, sources: Sources, timeZone: string, context: QueryContext): Promise<string | null> {
  const source = sourceNamed(sources, fresh.on);
  const { columns, rows } = await source.select({ name: 'fresh', sql: fresh.sql, parameters: fresh.parameters, steps: {} }, context);
  const value = rows[0]?.[0];
  const type = columns[0]?.engineType ?? '';
  if (typeof value !== 'string' || value === '' || value.startsWith('1970-01-01')) return null;
  const zone = /DateTime(?:64)?\((?:\d+, )?'([^']+)'\)/.exec(type)?.[1] ?? timeZone;
  const read = DateTime.fromSQL(value, { zone }).setZone(timeZone);
  const until = /^\d{4}-\d{2}-\d{2}$/.test(value) ? DateTime.fromISO(value, { zone: timeZone }).endOf('day').startOf('second') : read;
  return until.isValid ? until.toISO({ suppressMilliseconds: true }) : null;
}
