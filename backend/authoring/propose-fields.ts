import { comparisonsOf, type Comparison } from './comparisons.ts';
import { isDated, ofBetween, ofBounds, ofDay, type DraftProposal } from './periods.ts';
import { wordsOf, type Proposal, type SharedField } from './proposal.ts';
import { Statement } from './statement.ts';
import { fieldNameFor, unique } from '../zeppelin/names.ts';

export interface Proposals {
  fields: Proposal[];
  /** Dates that stay as they are written: nobody will want them next month. */
  fixedDates: { line: number; text: string }[];
}

const longestDefault = 50;

/** Fields that the values of a query could become: periods, days, ids, lists, texts and thresholds. LIMIT and what is computed stay. */
export function proposeFields(sql: string, shared: SharedField[]): Proposals {
  const statement = new Statement(sql);
  const comparisons = comparisonsOf(statement);
  const drafts = merged([...periodsOf(comparisons), ...comparisons.flatMap((one) => ofComparison(one, comparisons, shared))]);
  const ordered = drafts.sort((one, other) => (one.edits[0]?.start ?? 0) - (other.edits[0]?.start ?? 0));
  const taken = new Set<string>();
  const fields = ordered.map(({ uses, ...draft }) => ({ ...draft, name: unique(fieldNameFor(draft.name), taken, '_'), places: uses.map(({ start, end }) => ({ line: statement.line(start), text: sql.slice(start, end).replace(/\s+/g, ' ') })) }));
  return { fields, fixedDates: fixedDates(statement, ordered) };
}

/** Pairs of bounds that are joined by AND, and BETWEEN, on days. */
function periodsOf(comparisons: Comparison[]): DraftProposal[] {
  const found: DraftProposal[] = [];
  for (const [order, comparison] of comparisons.entries()) {
    if (!isDated(comparison) || comparison.isNegated) continue;
    const whole = comparison.operator === 'between' ? ofBetween(comparison) : null;
    if (whole !== null) found.push(whole);
    const partner = partnerOf(comparison, comparisons.slice(order + 1));
    if (partner === undefined) continue;
    const [lower, upper] = comparison.operator.startsWith('>') ? [comparison, partner] : [partner, comparison];
    const pair = ofBounds(lower, upper);
    if (pair !== null) found.push(pair);
  }
  return found;
}

function partnerOf(one: Comparison, later: Comparison[]): Comparison | undefined {
  const opposite = ({ '>': /^<=?$/, '>=': /^<=?$/, '<': /^>=?$/, '<=': /^>=?$/ } as Partial<Record<string, RegExp>>)[one.operator];
  if (opposite === undefined) return undefined;
  return later.find((other) => other.run === one.run && other.operand === one.operand && opposite.test(other.operator) && !other.isNegated && isDated(other));
}

function isInPeriod(comparison: Comparison, comparisons: Comparison[]): boolean {
  return periodsOf(comparisons).some(({ uses }) => uses.some(({ start, end }) => start === comparison.start && end === comparison.end));
}

function ofComparison(comparison: Comparison, comparisons: Comparison[], shared: SharedField[]): DraftProposal[] {
  const { operator, literals } = comparison;
  const kinds = new Set(literals.map(({ kind }) => kind));
  if (isDated(comparison) && operator !== 'in') {
    const day = isInPeriod(comparison, comparisons) || operator === 'between' || operator === 'like' ? null : ofDay(comparison);
    return day === null ? [] : [day];
  }
  if (kinds.size > 1) return [];
  const found = operator === 'in' ? listField(comparison, shared) : operator === 'between' ? rangeField(comparison) : operator === 'like' ? likeField(comparison) : valueField(comparison, shared);
  return found === null ? [] : [found];
}

function draft(comparison: Comparison, kind: Proposal['kind'], write: (name: string) => string, more: Partial<DraftProposal> = {}): DraftProposal {
  const { column, operatorStart, end, start, isCondition, isNegated } = comparison;
  return { name: column, kind, label: { ru: wordsOf(column), en: wordsOf(column) }, settings: {}, isSuggested: isCondition && !isNegated, remarks: [], edits: [{ start: operatorStart, end, write }], uses: [{ start, end }], ...more };
}

function sharedFor(column: string, isNumber: boolean, shared: SharedField[]): SharedField | undefined {
  const names = [column, column.replace(/_?ids?$/i, '')].map((name) => name.toLowerCase());
  return shared.find(({ name, kind, scalar }) => (kind === 'choice' || kind === 'choices') && names.includes(name.toLowerCase()) && (scalar === 'integer') === isNumber);
}

function decimalsOf(values: string[]): number {
  return Math.max(0, ...values.map((value) => value.split('.')[1]?.length ?? 0));
}

/** Beyond 15 digits a number of JSON is not exact, so it is text. */
function numeric(value: string): string | number {
  return value.replace(/\D/g, '').length > 15 ? value : Number(value);
}

function numberSettings(values: string[]): Proposal['settings'] {
  const decimals = decimalsOf(values);
  return decimals === 0 ? {} : { decimals };
}

function valueField(comparison: Comparison, shared: SharedField[]): DraftProposal | null {
  const { operator, literals, column, sign } = comparison;
  const [literal] = literals;
  if (literal === undefined || (literal.kind !== 'number' && literal.kind !== 'text')) return null;
  const write = (name: string): string => `${sign} {{${name}}}`;
  const isNumber = literal.kind === 'number';
  const base = isNumber && decimalsOf([literal.value]) === 0 ? sharedFor(column, true, shared) : sharedFor(column, false, isNumber ? [] : shared);
  if (base !== undefined && operator === '=') return draft(comparison, 'choice', write, { name: base.name, use: base.name, default: isNumber ? numeric(literal.value) : literal.value });
  const isFlag = isNumber && /^[01]$/.test(literal.value) && (/^(is|has)_|(^|_)(deleted|active|test|flag)$/i.test(column) || operator !== '=');
  const isEmptyText = !isNumber && literal.value.trim() === '';
  const more = isNumber ? { settings: numberSettings([literal.value]), default: numeric(literal.value) } : { default: literal.value };
  return isEmptyText ? null : draft(comparison, isNumber ? 'number' : 'text', write, { ...more, ...(isFlag ? { isSuggested: false } : {}) });
}

function listField(comparison: Comparison, shared: SharedField[]): DraftProposal | null {
  const { literals, column, sign } = comparison;
  const values = literals.map(({ value }) => value);
  const isNumber = literals.every(({ kind }) => kind === 'number');
  if (literals.length === 0 || decimalsOf(isNumber ? values : []) > 0) return null;
  const write = (name: string): string => `${sign} {{${name}}}`;
  const base = sharedFor(column, isNumber, shared);
  if (base !== undefined && values.length <= longestDefault) return draft(comparison, 'choices', write, { name: base.name, use: base.name, default: isNumber ? values.map(numeric) : values });
  const isLong = values.length > longestDefault;
  const remark = { ru: `Значений ${values.length}: в форме их вставляют, значений по умолчанию нет.`, en: `${values.length} values: people paste them into the form, there is no default.` };
  return draft(comparison, 'list', write, { settings: isNumber ? { scalar: 'integer' } : {}, ...(isLong ? { remarks: [remark] } : { default: [...new Set(values)] }) });
}

function rangeField(comparison: Comparison): DraftProposal | null {
  const values = comparison.literals.map(({ value }) => value);
  const [from, until] = values;
  if (from === undefined || until === undefined || comparison.literals.some(({ kind }) => kind !== 'number') || Number(from) > Number(until)) return null;
  const write = (name: string): string => `${comparison.sign} {{${name}.from}} AND {{${name}.until}}`;
  return draft(comparison, 'numberRange', write, { settings: numberSettings(values), default: { from: numeric(from), until: numeric(until) } });
}

/** `'%words%'`, with the signs kept in the query and the words typed by people. */
function likeField(comparison: Comparison): DraftProposal | null {
  const [literal] = comparison.literals;
  const [, before = '', words = '', after = ''] = /^(%?)([^%_\\[\]]+)(%?)$/.exec(literal?.value ?? '') ?? [];
  if (literal?.kind === 'number' || words.trim() === '') return null;
  const around = (name: string): string => [before === '' ? [] : ["'%'"], [`{{${name}}}`], after === '' ? [] : ["'%'"]].flat().join(', ');
  const { sign } = comparison;
  const write = (name: string): string => (before + after === '' ? `${sign} {{${name}}}` : `${sign} concat(${around(name)})`);
  return draft(comparison, 'text', write, { default: words });
}

/** The same value of the same column, or the same period of any, is asked once. */
function merged(drafts: DraftProposal[]): DraftProposal[] {
  const byMeaning = new Map<string, DraftProposal>();
  for (const one of drafts) {
    const key = JSON.stringify([one.kind, one.default ?? one.uses, one.kind === 'dateRange' ? '' : one.name]);
    const same = byMeaning.get(key);
    if (same === undefined) byMeaning.set(key, { ...one });
    else Object.assign(same, { edits: [...same.edits, ...one.edits], uses: [...same.uses, ...one.uses], isSuggested: same.isSuggested || one.isSuggested, remarks: [...new Set([...same.remarks, ...one.remarks])] });
  }
  return [...byMeaning.values()];
}

function fixedDates(statement: Statement, drafts: DraftProposal[]): Proposals['fixedDates'] {
  const edits = drafts.flatMap(({ edits: all }) => all);
  return statement.code
    .filter(({ text, start }) => /^'\d{4}-\d{2}-\d{2}/.test(text) && !edits.some((edit) => edit.start <= start && start < edit.end))
    .map(({ text, start }) => ({ line: statement.line(start), text }));
}
