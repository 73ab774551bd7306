import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { Period } from '../../shared/relative-period.ts';
import type { Metric } from '../catalog/task.ts';
import { readPeriod } from './read-period.ts';

export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Grain = (typeof grains)[number];

const grainWords = new Map<string, Grain>([...grains.map((grain) => [grain, grain] as const), ['день', 'day'], ['неделя', 'week'], ['месяц', 'month'], ['квартал', 'quarter'], ['год', 'year']]);

/** What one cell asks of a metric. Filters stand in the order of their names; a fact passes with any of a filter's values. */
export interface MetricQuestion {
  metric: Metric;
  period: Period;
  grain: Grain | null;
  filters: { name: string; values: string[] }[];
}

/** Columns of the facts that are no dimensions. */
const ownColumns = ['user_id', 'time', 'value', 'denominator'];
const mostValues = 1000;

const isEmpty = (cell: unknown): boolean => cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');

/** Reads `metric; period; [grain]; [filter; value]…` as the sheet gives them. Throws Problem. */
export function readQuestion(given: unknown[], metrics: Metric[], context: FieldContext): MetricQuestion {
  const [id, period, grain, ...pairs] = given;
  const metric = metrics.find((one) => typeof id === 'string' && one.id === id.trim());
  if (metric === undefined) throw unknownMetric(id, metrics);
  return { metric, period: readPeriod(period, context), grain: readGrain(grain), filters: readFilters(pairs) };
}

function unknownMetric(id: unknown, metrics: Metric[]): Problem {
  const shown = typeof id === 'string' ? id.slice(0, 40) : '';
  const known = metrics.map((metric) => metric.id).join(', ');
  return new Problem('not_found', { ru: `Показателя «${shown}» нет. Есть: ${known}.`, en: `There is no metric “${shown}”. There are: ${known}.` });
}

function readGrain(written: unknown): Grain | null {
  if (isEmpty(written)) return null;
  const grain = typeof written === 'string' ? grainWords.get(written.trim().toLowerCase()) : undefined;
  if (grain !== undefined) return grain;
  throw new Problem('invalid_values', {
    ru: `Третий аргумент – шаг: "день", "неделя", "месяц", "квартал", "год" или пусто. Фильтры идут после него.`,
    en: `The third argument is the grain: "day", "week", "month", "quarter", "year", or nothing. Filters come after it.`,
  });
}

function readFilters(pairs: unknown[]): MetricQuestion['filters'] {
  const given = pairs.slice(0, pairs.findLastIndex((cell) => !isEmpty(cell)) + 1);
  const filters = new Map<string, string[]>();
  for (let at = 0; at < given.length; at += 2) {
    const [name, value] = [given[at], given[at + 1]];
    if (typeof name !== 'string' || isEmpty(name)) throw new Problem('invalid_values', { ru: 'После шага идут пары: имя фильтра, значение.', en: 'After the grain come pairs: a filter’s name, its value.' });
    const filter = name.trim();
    if (ownColumns.includes(filter)) throw new Problem('invalid_values', { ru: `По «${filter}» отбирать нельзя.`, en: `There is no filtering by “${filter}”.` });
    if (filters.has(filter)) throw new Problem('invalid_values', { ru: `Фильтр «${filter}» задан дважды. Несколько значений задают диапазоном ячеек.`, en: `The filter “${filter}” is given twice. Give several values as an area of cells.` });
    filters.set(filter, readFilterValues(filter, value));
  }
  return [...filters].map(([name, values]) => ({ name, values })).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readFilterValues(filter: string, written: unknown): string[] {
  const cells = (Array.isArray(written) ? (written as unknown[]).flat(2) : [written]).filter((cell) => !isEmpty(cell));
  const values = [...new Set(cells.map((cell) => (typeof cell === 'boolean' ? String(cell) : String(cell).trim())))].sort();
  if (values.length === 0) throw new Problem('invalid_values', { ru: `У фильтра «${filter}» нет значения: ячейка пуста.`, en: `The filter “${filter}” has no value: the cell is empty.` });
  if (values.length > mostValues) throw new Problem('too_large', { ru: `У фильтра «${filter}» больше ${mostValues} значений. Возьмите задачу в панели.`, en: `The filter “${filter}” has more than ${mostValues} values. Use a task in the pane.` });
  return values;
}
