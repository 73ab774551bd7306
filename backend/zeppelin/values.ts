/** What a text that stood in SQL is, judged by its looks. */
export type Look = 'number' | 'date' | 'month' | 'moment' | 'string' | 'word';

/** A value without the quotes that its author put around it. */
export function unquoted(written: string): string {
  const text = written.trim();
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
}

export function looksOf(written: string): Look {
  const text = unquoted(written);
  if (isDay(text)) return 'date';
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return 'month';
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return 'moment';
  if (text !== written.trim()) return 'string';
  return /^-?\d+(\.\d+)?$/.test(text) ? 'number' : 'word';
}

/** A real day of the calendar, as the product's own dates are: from 1900 on. */
export function isDay(text: string): boolean {
  if (!/^(19|[2-9]\d)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Entries of a list that was written into IN (…): with quotes, as `a','b`, or bare. */
export function listItems(written: string): string[] {
  const inner = written.trim().replace(/^\((.*)\)$/s, '$1');
  return inner.split(',').map((item) => item.trim().replace(/^'|'$/g, '').trim()).filter((item) => item !== '');
}

/** Digits after the point. */
export function decimalsOf(written: string): number {
  return unquoted(written).split('.')[1]?.length ?? 0;
}

/** A number that JSON and YAML keep exactly as it was written. */
export function isPlainNumber(text: string): boolean {
  return String(Number(text)) === text && (Number.isSafeInteger(Number(text)) || text.includes('.'));
}

const dateWords = /^(date|day|datum|tag|дата|дату|день|күн|күні|дни|dt)$/;
const fromWords = /^(from|start|begin|beginning|since|с|от|начало|начала|von|ab|anfang|beginn|басы|бастап|1)$/;
const untilWords = /^(to|end|until|till|по|до|конец|конца|окончание|окончания|bis|ende|соңы|дейін|2)$/;

/** Words of a name: `dateFrom`, `date_from`, `Дата с`, `date1`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

export function namesDate(name: string): boolean {
  return wordsOf(name).some((word) => dateWords.test(word));
}

/** Which end of a period a name means, and what is left of it: the two ends of one period leave the same. */
export function periodEnd(name: string): { end: 'from' | 'until'; stem: string } | null {
  const words = wordsOf(name);
  const at = words.findIndex((word) => fromWords.test(word) || untilWords.test(word));
  if (at === -1) return null;
  const stem = words.filter((_, index) => index !== at).join(' ');
  return { end: fromWords.test(words[at] ?? '') ? 'from' : 'until', stem };
}

/** Names that columns of days and moments have. */
export function namesDateColumn(column: string): boolean {
  return /(^|[._`"])(date|day|dt|dttm|ts|created|updated)|(date|_on|_at|_dt|_day|_ts|time|day)([`")]|$)|дата/i.test(column);
}
