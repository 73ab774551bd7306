import type { DraftField, Plan } from './plan.ts';
import type { Slot } from './slots.ts';
import type { Dialect } from './source-names.ts';
import { markPattern } from './statement.ts';

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** What a statement's placeholders became. `planOf` takes the index of a placeholder. */
export interface RewriteParts {
  planOf: (placeholder: number) => Plan;
  dialect: Dialect;
}

/** The statement in our template's words: fields in the place of placeholders, without quotes around them. */
export function rewrite(text: string, slots: Slot[], parts: RewriteParts): string {
  const periods = new Set<Slot>();
  const edits = [...slots.flatMap((slot) => betweenEdits(slot, slots, parts, periods)), ...slots.filter((slot) => !periods.has(slot)).flatMap((slot) => slotEdits(text, slot, parts))];
  return applied(text, edits);
}

function applied(text: string, edits: Edit[]): string {
  let written = '';
  let from = 0;
  for (const { start, end, text: replacement } of edits.sort((one, other) => one.start - other.start || one.end - other.end)) {
    written += withoutClauses(text.slice(from, start)) + replacement;
    from = end;
  }
  return written + withoutClauses(text.slice(from));
}

/** An array of arrays next to a field would be taken for an optional clause. */
function withoutClauses(text: string): string {
  return text.replaceAll('[[', '[ [').replaceAll(']]', '] ]');
}

/** `column BETWEEN from AND until` becomes two half-open comparisons. */
function betweenEdits(slot: Slot, slots: Slot[], { planOf }: RewriteParts, done: Set<Slot>): Edit[] {
  const { operator, operatorRange, column } = slot;
  const other = slots.find((one) => one.operator === 'and' && one.column !== undefined && one.column.start === column?.start);
  if (operator !== 'between' || operatorRange === undefined || column === undefined || other?.operatorRange === undefined) return [];
  const [first, last] = [onlyPlan(slot, planOf), onlyPlan(other, planOf)];
  if (first?.how !== 'period' || last?.how !== 'period' || first.field !== last.field || first.end !== 'from' || last.end !== 'until') return [];
  done.add(slot).add(other);
  const end = other.outerEnd ?? other.end;
  return [
    { start: column.start, end: column.start, text: '(' },
    { ...operatorRange, text: '>=' },
    { start: slot.start, end: slot.end, text: reference(first.field, 'from') },
    { ...other.operatorRange, text: `AND ${column.text} <` },
    { start: other.start, end: other.end, text: reference(last.field, 'until') },
    { start: end, end, text: ')' },
  ];
}

function onlyPlan({ pieces }: Slot, planOf: RewriteParts['planOf']): Plan | null {
  const [piece, ...others] = pieces;
  return typeof piece === 'number' && others.length === 0 ? planOf(piece) : null;
}

function slotEdits(text: string, slot: Slot, parts: RewriteParts): Edit[] {
  const { start, end, clause, pieces } = slot;
  if (clause === 'comment') return [{ start, end, text: text.slice(start, end).replace(markPattern, (_, index: string) => wordsOf(parts.planOf(Number(index)))) }];
  if (clause === 'joined') return [{ start, end, text: text.slice(start, end).replace(markPattern, (_, index: string) => nameOf(parts.planOf(Number(index)))) }];
  const only = onlyPlan(slot, parts.planOf);
  if (only === null) return [{ start, end, text: `concat(${pieces.map((piece) => (typeof piece === 'string' ? `'${piece}'` : asText(parts.planOf(piece), parts.dialect))).join(', ')})` }];
  if (only.how === 'period' && only.end === 'until' && slot.operator === '<=' && slot.operatorRange !== undefined)
    return [{ ...slot.operatorRange, text: '<' }, { start, end, text: reference(only.field, 'until') }];
  const value = needsText(slot, only) ? asText(only, parts.dialect) : plain(only, parts.dialect);
  const isCall = clause === 'in' && only.how === 'value';
  return [{ start, end, text: isCall || (clause === 'count' && /\btop\s*$/i.test(text.slice(0, start))) ? `(${value})` : value }];
}

function wordsOf(plan: Plan): string {
  if (plan.how === 'none') return plan.label;
  return 'field' in plan ? plan.field.label : '';
}

function nameOf(plan: Plan): string {
  return 'field' in plan ? reference(plan.field) : '';
}

function reference({ name }: DraftField, part?: 'from' | 'until'): string {
  return part === undefined ? `{{${name}}}` : `{{${name}.${part}}}`;
}

const textCalls = /parse|str_?to|orzero|ornull|substr|concat|splitby|replace|format|like|match|position|lower|upper|trim|^to_date$|^to_timestamp$/;

/** Whether the engine would not take a day or a number here: a string stood in this place. */
function needsText(slot: Slot, plan: Plan): boolean {
  if (!('field' in plan) || plan.how === 'list' || !slot.quoted) return false;
  const { kind, scalar } = plan.field;
  if (kind === 'month') return true;
  if (kind === 'number' || scalar === 'integer' || scalar === 'decimal') return true;
  return (kind === 'date' || kind === 'dateRange') && (textCalls.test(slot.call ?? '') || slot.operator === 'like');
}

/** The value itself. The last day of a period is the day before its end. */
function plain(plan: Plan, dialect: Dialect): string {
  if (plan.how !== 'period') return nameOf(plan);
  if (plan.end === 'from' || !plan.inclusive) return reference(plan.field, plan.end);
  return dialect === 'mssql' ? lastDay(plan.field, dialect) : `(${lastDay(plan.field, dialect)})`;
}

function lastDay(field: DraftField, dialect: Dialect): string {
  const until = reference(field, 'until');
  return dialect === 'mssql' ? `DATEADD(day, -1, ${until})` : `${until} - INTERVAL 1 DAY`;
}

/** The value as the text that Zeppelin put in. */
function asText(plan: Plan, dialect: Dialect): string {
  if (!('field' in plan)) return "''";
  const { field } = plan;
  const isMonth = field.kind === 'month';
  if (plan.how === 'period') return converted(plan.end === 'from' || !plan.inclusive ? reference(field, plan.end) : lastDay(field, dialect), dialect, false);
  if (isMonth || field.kind === 'date') return converted(reference(field), dialect, isMonth);
  if (field.kind === 'number' || field.scalar !== undefined || field.options?.some(({ value }) => typeof value === 'number') === true) return dialect === 'mssql' ? `CAST(${reference(field)} AS varchar(40))` : `toString(${reference(field)})`;
  return reference(field);
}

function converted(day: string, dialect: Dialect, isMonth: boolean): string {
  if (dialect === 'mssql') return `CONVERT(varchar(${isMonth ? 7 : 10}), ${day}, 23)`;
  return isMonth ? `substring(toString(${day}), 1, 7)` : `toString(${day})`;
}
