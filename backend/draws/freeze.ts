import { bareType } from '../../shared/engine-type.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { KindInput } from '../runs/kind-runner.ts';
import type { Query, ReadScope, StoredColumn, StoredTable, Workbench } from '../workbench/workbench.ts';
import { mostParticipants, mostWeight, readParticipants, type Participants } from './algorithm.ts';
import type { DrawSection } from './section.ts';

export interface FrozenList {
  table: StoredTable;
  fingerprint: string;
  tickets: bigint;
  funnel: { text: LocalText; left: number }[];
}

const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
const idOf = (column: string): string => `trimBoth(ifNull(toString(${quoted(column)}), ''))`;
const longestId = 200;

function forAnalyst(ru: string, en: string): Problem {
  return new Problem('query_failed', { ru: `${ru} Скажите аналитику.`, en: `${en} Tell the analyst.` });
}

function columnNamed(columns: StoredColumn[], name: string, of: LocalText): StoredColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const there = columns.map((column) => column.name).join(', ');
  throw forAnalyst(`В ${of.ru} нет столбца ${name}; есть: ${there}.`, `There is no column ${name} in ${of.en}; it has ${there}.`);
}

/** A list of the step's people: by the participants' column, or by the only one that there is. */
function excludedSql(step: string, participant: string, { tables, workbench }: KindInput): { sql: string; table: StoredTable } {
  const table = tables.get(step);
  if (table === undefined) throw new Problem('internal', { ru: `Нет шага «${step}».`, en: `There is no step “${step}”.` });
  const column = table.columns.length === 1 ? table.columns[0]?.name : undefined;
  const name = columnNamed(table.columns, column ?? participant, { ru: `шаге ${step}`, en: `the step ${step}` }).name;
  return { sql: `row_id IN (SELECT ${idOf(name)} FROM ${workbench.tableReference(table)})`, table };
}

interface Exclusion {
  sql: string;
  text: LocalText;
}

interface Reading {
  rows: string;
  scope: ReadScope;
  parameters: Record<string, BoundValue>;
  exclusions: Exclusion[];
}

function readingOf(section: DrawSection, lastWinners: string[], input: KindInput): Reading {
  const { last, workbench } = input;
  const where = { ru: 'последнем шаге', en: 'the last step' };
  columnNamed(last.columns, section.participant, where);
  const weight = section.weight === undefined ? undefined : columnNamed(last.columns, section.weight, where);
  if (weight !== undefined && !/^(U?Int\d+|Float\d+|Decimal.*)$/.test(bareType(weight.engineType)))
    throw forAnalyst(`Вес ${weight.name} – не число (${weight.engineType}).`, `The weight ${weight.name} is not a number (${weight.engineType}).`);
  const tables = [last];
  const exclusions = section.exclude.flatMap((one): Exclusion[] => {
    if (one === 'lastWinners') return lastWinners.length === 0 ? [] : [{ sql: 'row_id IN {lastWinners:Array(String)}', text: { ru: 'без: победители прошлого розыгрыша', en: 'without: winners of the last draw' } }];
    const { sql, table } = excludedSql(one.step, section.participant, input);
    tables.push(table);
    return [{ sql, text: { ru: `без: ${one.title.ru}`, en: `without: ${one.title.en}` } }];
  });
  const heavy = weight === undefined ? 'toFloat64(1)' : `ifNull(toFloat64(${quoted(weight.name)}), nan)`;
  return {
    rows: `(SELECT ${idOf(section.participant)} AS row_id, ${heavy} AS row_weight FROM ${workbench.tableReference(last)})`,
    scope: { database: '', databases: [], tables },
    parameters: lastWinners.length === 0 || !section.exclude.includes('lastWinners') ? {} : { lastWinners: { scalar: 'string', value: lastWinners } },
    exclusions,
  };
}

/** Refuses lists that could not be drawn from fairly, with what is wrong and an example of it. */
function checkRows(found: Record<string, number>, example: string, isWeighted: boolean): void {
  const { control = 0, long = 0, negative = 0, uneven = 0, heavy = 0, named = 0, people = 0 } = found;
  const such = example === '' ? { ru: '', en: '' } : { ru: ` Например: ${example}.`, en: ` For example: ${example}.` };
  if (control + long > 0) throw forAnalyst(`У ${control + long} участников в имени есть переносы строк или больше ${longestId} знаков.${such.ru}`, `${control + long} participants have line breaks in their names, or more than ${longestId} characters.${such.en}`);
  if (negative > 0) throw forAnalyst(`Вес меньше нуля у ${negative} участников; нужны целые числа от 0.${such.ru}`, `${negative} participants have a weight below 0; whole numbers from 0 are needed.${such.en}`);
  if (uneven > 0) throw forAnalyst(`Вес пустой или дробный у ${uneven} участников; нужны целые числа: округлите в запросе.${such.ru}`, `${uneven} participants have a weight that is empty or not whole; round it in the query.${such.en}`);
  if (heavy > 0) throw forAnalyst(`Вес больше ${mostWeight} у ${heavy} участников.${such.ru}`, `${heavy} participants have a weight above ${mostWeight}.${such.en}`);
  if (isWeighted && named > people) throw forAnalyst(`${named - people} строк повторяют участника: чей вес верен, неизвестно. Нужна одна строка на участника.${such.ru}`, `${named - people} rows repeat a participant, and which weight is right is not known. One row a participant is needed.${such.en}`);
}

const wrongRow = `match(row_id, '[\\\\x00-\\\\x1f\\\\x7f]') OR length(row_id) > ${longestId} OR NOT (row_weight >= 0 AND row_weight <= ${mostWeight} AND row_weight = floor(row_weight))`;

async function check({ rows, scope, parameters, exclusions }: Reading, isWeighted: boolean, { workbench, context }: KindInput): Promise<FrozenList['funnel']> {
  const kept = exclusions.map((_, index) => exclusions.slice(0, index + 1).map(({ sql }) => `NOT (${sql})`).join(' AND '));
  const left = kept.map((condition) => `, uniqExactIf(row_id, row_id != '' AND ${condition})`).join('');
  const sql = `SELECT count(), countIf(row_id != ''), uniqExactIf(row_id, row_id != ''), countIf(match(row_id, '[\\\\x00-\\\\x1f\\\\x7f]')), countIf(length(row_id) > ${longestId}),
    countIf(row_weight < 0), countIf(NOT (row_weight = floor(row_weight))), countIf(row_weight > ${mostWeight}), anyIf(row_id, ${wrongRow})${left} FROM ${rows}`;
  const [row = []] = (await workbench.select({ sql, parameters }, scope, context('check'))).rows;
  const [all, named, people, control, long, negative, uneven, heavy] = row.map(Number);
  checkRows({ named: named ?? 0, people: people ?? 0, control: control ?? 0, long: long ?? 0, negative: negative ?? 0, uneven: uneven ?? 0, heavy: heavy ?? 0 }, shown(String(row[8] ?? '')), isWeighted);
  return [
    { text: { ru: 'строк в последнем шаге', en: 'rows of the last step' }, left: all ?? 0 },
    ...(people === all ? [] : [{ text: { ru: 'разных участников', en: 'different participants' }, left: people ?? 0 }]),
    ...exclusions.map(({ text: words }, index) => ({ text: words, left: Number(row[9 + index]) })),
  ];
}

function shown(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 60)}…` : id).slice(1, -1);
}

/** Keeps the participants as a table in the order of their ids, and takes its fingerprint. */
export async function freeze(section: DrawSection, lastWinners: string[], input: KindInput): Promise<FrozenList> {
  const { workbench, context, tableId } = input;
  const reading = readingOf(section, lastWinners, input);
  const funnel = await check(reading, section.weight !== undefined, input);
  const conditions = ["row_id != ''", 'row_weight > 0', ...reading.exclusions.map(({ sql }) => `NOT (${sql})`)].join(' AND ');
  const query: Query = { sql: `SELECT row_id AS participant, toUInt64(max(row_weight)) AS weight FROM ${reading.rows} WHERE ${conditions} GROUP BY row_id ORDER BY row_id`, parameters: reading.parameters };
  const table = await workbench.store(query, reading.scope, tableId('participants'), context('participants'));
  if (table.rows === 0) throw new Problem('query_failed', { ru: 'Участников нет: розыгрыш проводить не среди кого. Проверьте период и условия.', en: 'There are no participants to draw from. Check the period and the conditions.' });
  if (table.rows > mostParticipants) throw new Problem('row_limit', { ru: `Участников ${table.rows}, а можно не больше ${mostParticipants}.`, en: `There are ${table.rows} participants; at most ${mostParticipants} can take part.` });
  const { fingerprint, tickets } = await participantsOf(table, workbench, context('participants').signal);
  if (funnel.at(-1)?.left !== table.rows) funnel.push({ text: { ru: 'с весом больше нуля', en: 'with a weight above 0' }, left: table.rows });
  return { table, fingerprint, tickets, funnel };
}

/** The frozen list as the bytes of its file for systems: what is downloaded has the fingerprint that was shown. */
export async function participantsOf(table: StoredTable, workbench: Workbench, signal: AbortSignal): Promise<Participants> {
  const settings = { format_csv_delimiter: ',', output_format_csv_crlf_end_of_line: 0 };
  const stream = await workbench.stream(table, { format: 'CSVWithNames', settings }, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return readParticipants(Buffer.concat(chunks));
}
