import { Problem } from '../../shared/problem.ts';
import { bareType } from '../../shared/engine-type.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { QueryContext, StoredColumn, StoredTable, Workbench } from '../workbench/workbench.ts';
import type { PlannedReadout } from './planned.ts';
import { plainLabel } from './section.ts';

/** More values of a segment than anybody reads. */
const mostSegmentValues = 50;
/** Days after entry that are followed at most. */
export const mostDays = 366;

/** What was found in the assignments before anything was computed. */
export interface AssignmentCounts {
  rows: number;
  /** Rows without a user. */
  nameless: number;
  /** Different users. */
  users: number;
  /** Rows beyond one a user: repeats of the same. */
  repeats: number;
  /** Users in two groups: left out of both. */
  mixed: number;
  /** Users whose group is none of the planned ones. */
  noGroup: number;
  noTime: number;
  /** Entered after the planned end, or in the future. */
  late: number;
  /** Rows whose label differs from the plan by case or blanks. */
  respelled: number;
  /** Usable users of whom the days before are not known whole. */
  unknownBefore: number;
  usable: number;
  /** Seconds since 1970; 0 without a usable user. */
  firstEntry: number;
  lastEntry: number;
}

/** Assignments cleaned: one row a user; those of state 0 take part. */
export interface Assignments {
  table: StoredTable;
  /** Type of the user's id, so that facts can be met in it. */
  userType: string;
  counts: AssignmentCounts;
  /** Columns of segments in the table, by the analyst's names. */
  segments: { name: string; column: string }[];
  /** Segments that were left out for having too many values. */
  tooMany: string[];
}

export interface AssignmentParts {
  workbench: Workbench;
  tableId: (name: string) => string;
  context: (name: string) => QueryContext;
}

export function quotedColumn(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function columnNamed(columns: StoredColumn[], name: string): StoredColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const there = columns.map((column) => column.name).join(', ');
  throw new Problem('query_failed', {
    ru: `В последнем шаге теста нет столбца ${name}; есть: ${there}. Нужны user_id, group, entered_at и столбцы срезов. Скажите аналитику.`,
    en: `The last step of the test has no column ${name}; it has ${there}. It needs user_id, group, entered_at and the columns of segments. Tell the analyst.`,
  });
}

/** SQL of an instant: days begin at local midnight, text is read as it is written. */
function instantSql({ name, engineType }: StoredColumn): string {
  const column = quotedColumn(name);
  return /^Date/.test(bareType(engineType)) ? `toDateTime(${column})` : `parseDateTimeBestEffortOrNull(toString(${column}))`;
}

/** One row a user with what is wrong with them: 0 nothing, 1 in two groups, 2 in no planned group, 3 without time, 4 late. */
function usersSql(last: StoredTable, reference: string, { section }: PlannedReadout): { sql: string; userType: string } {
  const [user, group, entered] = ['user_id', 'group', 'entered_at'].map((name) => columnNamed(last.columns, name)) as [StoredColumn, StoredColumn, StoredColumn];
  const since = section.knownSince === undefined ? undefined : columnNamed(last.columns, section.knownSince);
  const segments = section.segments.map((name, place) => ({ as: `segment_${place}`, of: columnNamed(last.columns, name) }));
  const isNumber = /^U?Int\d+$/.test(bareType(user.engineType));
  const userSql = isNumber ? `assumeNotNull(${quotedColumn(user.name)})` : `trimBoth(ifNull(toString(${quotedColumn(user.name)}), ''))`;
  const label = `ifNull(toString(${quotedColumn(group.name)}), '')`;
  // Names of our own begin with row_, so that none of the analyst's columns is mistaken for them.
  const known = since === undefined ? '1' : `ifNull(${instantSql(since)} <= ${instantSql(entered)} - toIntervalDay(${section.beforeDays}), 0)`;
  const own = segments.map(({ as }) => `, ${as}`).join('');
  const sql = `
    SELECT row_user AS user, toUInt8(multiIf(first_place != last_place, 1, first_place = 0, 2, second = 0, 3, second >= {entriesUntil:Int64}, 4, 0)) AS state, first_place AS place,
      toDateTime(second) AS entered, toUInt16(greatest(0, least(${mostDays}, intDiv({completeUntil:Int64} - second, 86400)))) AS observed, known, rows, respelled${own}
    FROM (
      SELECT row_user, min(row_place) AS first_place, max(row_place) AS last_place, toInt64(ifNull(toUnixTimestamp(min(row_time)), 0)) AS second, toUInt8(min(row_known)) AS known,
        toUInt32(count()) AS rows, toUInt32(countIf(row_respelled)) AS respelled${segments.map(({ as }) => `, any(row_${as}) AS ${as}`).join('')}
      FROM (
        SELECT ${userSql} AS row_user, toUInt8(indexOf({labels:Array(String)}, lowerUTF8(trimBoth(${label})))) AS row_place, row_place > 0 AND NOT has({names:Array(String)}, ${label}) AS row_respelled,
          ${instantSql(entered)} AS row_time, ${known} AS row_known${segments.map(({ as, of }) => `, toLowCardinality(trimBoth(ifNull(toString(${quotedColumn(of.name)}), ''))) AS row_${as}`).join('')}
        FROM ${reference}
        WHERE ${isNumber ? `${quotedColumn(user.name)} IS NOT NULL` : `${userSql} != ''`}
      ) GROUP BY row_user
    )`;
  return { sql, userType: isNumber ? bareType(user.engineType) : 'String' };
}

const integer = (value: number): BoundValue => ({ scalar: 'integer', value: String(Math.round(value)) });
const texts = (value: string[]): BoundValue => ({ scalar: 'string', value });

/** Makes one table of users of the assignments, and counts what is wrong with them. Nothing is lost without a word. */
export async function cleanAssignments(last: StoredTable, planned: PlannedReadout, { workbench, tableId, context }: AssignmentParts): Promise<Assignments> {
  const { sql, userType } = usersSql(last, workbench.tableReference(last), planned);
  const names = planned.section.groups.map(({ name }) => name);
  const end = planned.entriesUntil === null ? planned.askedAt : Math.min(planned.entriesUntil, planned.askedAt);
  const parameters = { labels: texts(names.map(plainLabel)), names: texts(names), completeUntil: integer(planned.completeUntil), entriesUntil: integer(end) };
  const table = await workbench.store({ sql, parameters }, { database: '', databases: [], tables: [last] }, tableId('users'), context('users'));
  const wanted = planned.section.segments.map((name, place) => ({ name, column: `segment_${place}` }));
  const [row = []] = (await workbench.select({ sql: countsSql(workbench.tableReference(table), wanted.map(({ column }) => column)), parameters: {} }, { database: '', databases: [], tables: [table] }, context('counts'))).rows;
  const [rows = 0, users = 0, mixed = 0, noGroup = 0, noTime = 0, late = 0, respelled = 0, unknownBefore = 0, usable = 0, firstEntry = 0, lastEntry = 0, ...values] = row.map(Number);
  const isRead = (_: unknown, place: number): boolean => (values[place] ?? 0) <= mostSegmentValues;
  return {
    table,
    userType,
    counts: { rows: last.rows, nameless: last.rows - rows, users, repeats: rows - users, mixed, noGroup, noTime, late, respelled, unknownBefore, usable, firstEntry, lastEntry },
    segments: wanted.filter(isRead),
    tooMany: wanted.filter((one, place) => !isRead(one, place)).map(({ name }) => name),
  };
}

function countsSql(reference: string, segments: string[]): string {
  const different = segments.map((column) => `, uniqExactIf(${column}, state = 0)`).join('');
  return `SELECT sum(rows), count(), countIf(state = 1), countIf(state = 2), countIf(state = 3), countIf(state = 4), sum(respelled), countIf(state = 0 AND known = 0), countIf(state = 0),
    minIf(toInt64(toUnixTimestamp(entered)), state = 0), maxIf(toInt64(toUnixTimestamp(entered)), state = 0)${different} FROM ${reference}`;
}
