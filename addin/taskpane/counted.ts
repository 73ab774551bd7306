import type { Language } from '../../shared/language.ts';

export interface PluralForms {
  one: string;
  /** Russian 2 to 4; where absent, `many` serves. */
  few?: string;
  many: string;
}

const rules: Record<Language, Intl.PluralRules> = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };
const numbers: Record<Language, Intl.NumberFormat> = { ru: new Intl.NumberFormat('ru'), en: new Intl.NumberFormat('en') };
const short: Record<Language, Intl.NumberFormat> = {
  ru: new Intl.NumberFormat('ru', { notation: 'compact', maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }),
};

/** `12 480`, `12,480`. */
export function numberWords(language: Language, count: number): string {
  return numbers[language].format(count);
}

/** `2,1 млн`, `2.1M`. */
export function shortNumber(language: Language, count: number): string {
  return short[language].format(count);
}

/** `1 строка`, `3 строки`, `12 480 строк`. */
export function counted(language: Language, count: number, forms: PluralForms): string {
  const rule = rules[language].select(count);
  const word = rule === 'one' ? forms.one : rule === 'few' ? (forms.few ?? forms.many) : forms.many;
  return `${numberWords(language, count)} ${word}`;
}

/** `4 с`, `1 мин 20 с`, `2 ч 5 мин`. */
export function durationWords(language: Language, milliseconds: number): string {
  const unit = language === 'ru' ? { s: 'с', m: 'мин', h: 'ч' } : { s: 's', m: 'min', h: 'h' };
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} ${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} ${unit.m}` : `${minutes} ${unit.m} ${seconds % 60} ${unit.s}`;
  return minutes % 60 === 0 ? `${minutes / 60} ${unit.h}` : `${Math.floor(minutes / 60)} ${unit.h} ${minutes % 60} ${unit.m}`;
}
