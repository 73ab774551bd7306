import { invalidArgument } from '../refusal.ts';

export type CellValue = string | number | boolean;

/** What Excel keeps of something entered. `formula` is there when it became live; `changed` when it is not what was given. */
export interface Entered {
  value: CellValue;
  formula?: string;
  changed?: 'number' | 'date' | 'flag' | 'digits' | 'formula';
}

const maxCharacters = 32_767;
const monthStarts = /^\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек)\p{L}*$/iu;
const currentYear = 2026;

/** Days since 30 December 1899, as Excel counts them after February 1900. */
export function serialOf(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000) + 25_569;
}

/** Enters something into a cell with this number format, as typing it would, in the person's culture. */
export function enter(given: string | number | boolean, format: string, culture: string): Entered {
  if (typeof given === 'boolean') return { value: given };
  if (typeof given === 'number') return enterNumber(given, format);
  if (given.length > maxCharacters) throw invalidArgument(`a cell holds ${maxCharacters} characters, not ${given.length}`);
  if (format === '@') return { value: given };
  if (given.startsWith("'")) return { value: given.slice(1) };
  if (/^[=@]./s.test(given)) return { value: 0, formula: given.startsWith('@') ? `=${given}` : given, changed: 'formula' };
  return enterText(given, culture);
}

function enterNumber(given: number, format: string): Entered {
  if (format === '@') return { value: String(given) };
  const kept = Number(given.toPrecision(15));
  return Number.isInteger(given) && kept !== given ? { value: kept, changed: 'digits' } : { value: kept };
}

function enterText(given: string, culture: string): Entered {
  const text = given.trim();
  const russian = culture.startsWith('ru');
  if (/^(true|false)$/i.test(text) || (russian && /^(истина|ложь)$/i.test(text))) return { value: /^(true|истина)$/i.test(text), changed: 'flag' };
  const date = dateOf(text, russian);
  if (date !== undefined) return { value: date, changed: 'date' };
  const number = numberOf(text, russian);
  if (number === undefined) return /^[+-]./s.test(text) ? { value: 0, formula: `=${text}`, changed: 'formula' } : { value: given };
  const kept = Number(number.toPrecision(15));
  return { value: kept, changed: text.replace(/\D/g, '').length > 15 ? 'digits' : 'number' };
}

function numberOf(text: string, russian: boolean): number | undefined {
  const pattern = russian ? /^[+-]?\d[\d\s\u00a0]*(,\d*)?(e[+-]?\d+)?\s?%?$/i : /^[+-]?\$?\d[\d,]*(\.\d*)?(e[+-]?\d+)?\s?%?$/i;
  if (!pattern.test(text)) return undefined;
  const plain = russian ? text.replace(/[\s\u00a0]/g, '').replace(',', '.') : text.replace(/[,$]/g, '');
  return plain.endsWith('%') ? Number(plain.slice(0, -1)) / 100 : Number(plain);
}

function dateOf(text: string, russian: boolean): number | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/.exec(text)?.slice(1).map((part) => Number(part ?? 0));
  if (iso) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = iso;
    return year < 1900 ? undefined : serialOf(year, month, day) + (hour * 3600 + minute * 60 + second) / 86_400;
  }
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text)?.slice(1).map((part) => Number(part ?? 0));
  if (time) return ((time[0] ?? 0) * 3600 + (time[1] ?? 0) * 60 + (time[2] ?? 0)) / 86_400;
  if (monthStarts.test(text)) return serialOf(currentYear, 1, 1);
  const marks = russian ? /^(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2}|\d{4}))?$/ : /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2}|\d{4}))?$/;
  const found = marks.exec(text);
  if (!found) return undefined;
  const [one, two] = [Number(found[1]), Number(found[2])];
  const [day, month] = russian ? [one, two] : [two, one];
  const year = found[3] === undefined ? currentYear : Number(found[3]) < 100 ? 2000 + Number(found[3]) : Number(found[3]);
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return serialOf(year, month, day);
}
