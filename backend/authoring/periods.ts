import { addDays } from '../../shared/relative-period.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Comparison } from './comparisons.ts';
import type { Literal } from './literal.ts';
import { wordsOf, type Edit, type Proposal } from './proposal.ts';

export type DraftProposal = Omit<Proposal, 'places'> & { uses: { start: number; end: number }[] };

const midnight = /^\d{4}-\d{2}-\d{2}( 00:00(:00(\.0+)?)?)?$/;
const lastMoment = / 23:59(:\d{2}(\.\d+)?)?$/;
const momentColumn = /([_ ](at|ts)|time|timestamp)$/i;
const dayCast = /^(todate|todate32|date|cast|convert|try_cast|try_convert)\s*\(/i;

export function isDated({ literals }: Comparison): boolean {
  return literals.length > 0 && literals.every(({ kind }) => kind === 'day' || kind === 'moment');
}

/** Whether the column holds moments rather than days, as far as names and casts tell. */
export function holdsMoments({ operand, column, literals }: Comparison): boolean {
  if (dayCast.test(operand)) return false;
  return literals.some(({ kind, isCastToMoment }) => kind === 'moment' || isCastToMoment) || momentColumn.test(column);
}

/** The day that a literal begins, or `null` when it is some moment within a day. */
function dayOf({ value }: Literal): string | null {
  return midnight.test(value) ? value.slice(0, 10) : null;
}

/** The first day that a lower bound lets in. */
export function firstDay(operator: '>' | '>=', literal: Literal, isMoment: boolean): string | null {
  const day = dayOf(literal);
  if (lastMoment.test(literal.value) && operator === '>') return addDays(literal.value.slice(0, 10), 1);
  return day === null || operator === '>=' || isMoment ? day : addDays(day, 1);
}

/** The first day that an upper bound keeps out. */
export function dayAfter(operator: '<' | '<=', literal: Literal): string | null {
  if (lastMoment.test(literal.value)) return addDays(literal.value.slice(0, 10), 1);
  const day = dayOf(literal);
  return day === null || operator === '<' ? day : addDays(day, 1);
}

const wholeLastDay: LocalText = {
  ru: 'Теперь последний день входит целиком; в исходном запросе из него входила только полночь. Сверьте числа.',
  en: 'The last day now counts whole; in the query only its midnight did. Compare the figures.',
};
const fromMidnight: LocalText = { ru: 'Теперь входит и сама полночь начала.', en: 'The midnight at the start now counts too.' };

/** Names that say only that a column is a date are no name for a period. */
function periodName(column: string): string {
  const name = column.replace(/[_ ]?(on|at|date|day|dt|time|timestamp|ts)$/i, '');
  return name === '' || /^(event|row|report|log)$/i.test(name) ? 'period' : name;
}

function period(column: string, range: { from: string; until: string }, { remarks, edits, uses }: Pick<DraftProposal, 'remarks' | 'edits' | 'uses'>): DraftProposal {
  const name = periodName(column);
  return { name, kind: 'dateRange', label: name === 'period' ? { ru: 'Период', en: 'Period' } : { ru: wordsOf(name), en: wordsOf(name) }, settings: {}, default: range, isSuggested: true, remarks, edits, uses };
}

/** `issued_on >= '2026-10-01' AND issued_on < '2026-11-01'` as one period; `null` when the bounds make none. */
export function ofBounds(lower: Comparison, upper: Comparison): DraftProposal | null {
  const [first, last] = [lower.literals[0], upper.literals[0]];
  if (first === undefined || last === undefined) return null;
  const isMoment = holdsMoments(lower) || holdsMoments(upper);
  const from = firstDay(lower.operator as '>' | '>=', first, isMoment);
  const until = dayAfter(upper.operator as '<' | '<=', last);
  if (from === null || until === null || from >= until) return null;
  const [start, end] = isMoment ? ['start', 'end'] : ['from', 'until'];
  const remarks = [...(isMoment && upper.operator === '<=' && midnight.test(last.value) ? [wholeLastDay] : []), ...(isMoment && lower.operator === '>' && midnight.test(first.value) ? [fromMidnight] : [])];
  const edits: Edit[] = [
    { start: lower.operatorStart, end: lower.end, write: (name) => `>= {{${name}.${start}}}` },
    { start: upper.operatorStart, end: upper.end, write: (name) => `< {{${name}.${end}}}` },
  ];
  return period(lower.column, { from, until }, { remarks, edits, uses: [lower, upper] });
}

/** `BETWEEN` two days: both are in. */
export function ofBetween(comparison: Comparison): DraftProposal | null {
  const [first, last] = comparison.literals;
  if (first === undefined || last === undefined) return null;
  const isMoment = holdsMoments(comparison);
  const [from, until] = [firstDay('>=', first, isMoment), dayAfter('<=', last)];
  if (from === null || until === null || from >= until) return null;
  const [start, end] = isMoment ? ['start', 'end'] : ['from', 'until'];
  const write = (name: string): string => `>= {{${name}.${start}}} AND ${comparison.operand} < {{${name}.${end}}}`;
  const remarks = isMoment && midnight.test(last.value) ? [wholeLastDay] : [];
  return period(comparison.column, { from, until }, { remarks, edits: [{ start: comparison.operatorStart, end: comparison.end, write }], uses: [comparison] });
}

/** One bound, or a day by itself. */
export function ofDay(comparison: Comparison): DraftProposal | null {
  const [literal] = comparison.literals;
  const isMoment = holdsMoments(comparison);
  if (literal === undefined || literal.value === '') return null;
  const endsDay = comparison.operator === '<=' && lastMoment.test(literal.value);
  const day = endsDay ? literal.value.slice(0, 10) : dayOf(literal);
  if (day === null) return null;
  const write = (name: string): string => (endsDay ? `< {{${name}.end}}` : `${comparison.sign} {{${name}${isMoment ? '.start' : ''}}}`);
  const name = comparison.column.replace(/_?(at|timestamp|ts)$/i, '') || 'day';
  const edit = { start: comparison.operatorStart, end: comparison.end, write };
  return { name, kind: 'date', label: { ru: wordsOf(name), en: wordsOf(name) }, settings: {}, default: day, isSuggested: !comparison.isNegated, remarks: [], edits: [edit], uses: [{ start: comparison.start, end: comparison.end }] };
}
