import type { Language } from '../../shared/language.ts';
import type { Cell, ColumnType } from '../../shared/result.ts';

const months: Record<Language, Intl.DateTimeFormat> = {
  ru: new Intl.DateTimeFormat('ru', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
};

/** Digits in groups of three and the local decimal mark, exact for any length. */
function groupedNumber(text: string, language: Language): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction] = match;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'ru' ? '\u00a0' : ',');
  return `${sign === '' ? '' : '−'}${grouped}${fraction === undefined ? '' : `${language === 'ru' ? ',' : '.'}${fraction}`}`;
}

function plainNumber(value: Cell): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(6).replace(/\.?0+$/, '') : String(value);
}

function dayOf(text: string, language: Language): string {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? text : months[language].format(day);
}

/** One value as a person of this language reads it. */
export function cellWords(value: Cell, type: ColumnType, language: Language): string {
  if (value === null) return '';
  switch (type) {
    case 'integer':
    case 'decimal':
      return groupedNumber(plainNumber(value), language);
    case 'money':
      return groupedNumber(/^-?\d+(\.\d+)?$/.test(String(value)) ? withKopecks(plainNumber(value)) : plainNumber(value), language);
    case 'percent':
      return `${groupedNumber((Number(value) * 100).toFixed(2).replace(/\.?0+$/, ''), language)}${language === 'ru' ? '\u00a0%' : '%'}`;
    case 'date':
      return dayOf(String(value), language);
    case 'datetime':
      return `${dayOf(String(value), language)} ${String(value).slice(11, 16)}`;
    case 'flag':
      return value === true ? (language === 'ru' ? 'да' : 'yes') : language === 'ru' ? 'нет' : 'no';
    case 'text':
    case 'code':
    case 'link':
      return String(value);
  }
}

function withKopecks(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

/** Columns whose values are compared digit by digit stand to the right. */
export function isNumeric(type: ColumnType): boolean {
  return type === 'integer' || type === 'decimal' || type === 'money' || type === 'percent';
}

/** An instant as the company's clock showed it: `21.11.2026 23:59`. */
export function momentWords(instant: string, timeZone: string, language: Language): string {
  const parts = { day: '2-digit', month: language === 'ru' ? '2-digit' : 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', parts).format(new Date(instant)).replace(', ', ' ');
}
