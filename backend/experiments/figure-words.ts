import type { Language, LocalText } from '../../shared/language.ts';
import type { PlannedMetric } from './planned.ts';

type Measured = Pick<PlannedMetric, 'type' | 'unit'>;

/** A text in both languages, made by one function. */
export function both(words: (language: Language) => string): LocalText {
  return { ru: words('ru'), en: words('en') };
}

const minus = '\u2212';
const joined = '\u00a0';

export function numberWords(value: number, digits: number, language: Language): string {
  const rounded = Number(value.toFixed(digits));
  const text = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: Math.abs(value) >= 10_000 }).format(Math.abs(rounded));
  return rounded < 0 ? `${minus}${text}` : text;
}

export function countWords(value: number, language: Language): string {
  return numberWords(value, 0, language);
}

function signed(text: string, value: number): string {
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** So many digits that rounding stays far below what is uncertain: two of them, or three. */
export function digitsFor(uncertainty: number): number {
  if (!(uncertainty > 0) || !Number.isFinite(uncertainty)) return 2;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(uncertainty / 3))));
}

const scaleOf = ({ type }: Measured): number => (type === 'share' ? 100 : 1);

/** A figure of one group: `12,3 %`, `1,24`. */
export function valueWords(metric: Measured, value: number, uncertainty: number, language: Language): string {
  const scale = scaleOf(metric);
  const text = numberWords(value * scale, digitsFor(uncertainty * scale), language);
  return metric.type === 'share' ? percentSign(text, language) : text;
}

/** A difference: percentage points are not per cent. */
export function differenceWords(metric: Measured, value: number, uncertainty: number, language: Language): string {
  const scale = scaleOf(metric);
  const text = signed(numberWords(value * scale, digitsFor(uncertainty * scale), language), value);
  if (metric.type !== 'share') return text;
  return language === 'ru' ? `${text}${joined}п.${joined}п.` : `${text}${joined}pp`;
}

/** A size without a sign, as in "less than 0.4 pp". */
export function sizeWords(metric: Measured, value: number, language: Language): string {
  const unit = unitWords(metric, language);
  return `${differenceWords(metric, Math.abs(value), Math.abs(value), language).replace(/^\+/, '')}${unit === '' ? '' : ` ${unit}`}`;
}

/** Sentences put together: no abbreviation's point doubles that of its sentence. */
export function sentences(...texts: string[]): string {
  return texts.filter((text) => text !== '').join(' ').replace(/\.\.(?=\s|$)/g, '.');
}

/** A metric and what came of it, as one sentence. */
export function about(title: string, text: string): string {
  return `${title} – ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** A change relative to control: `+12,7 %`. */
export function relativeWords(value: number, language: Language): string {
  const digits = Math.abs(value) >= 0.995 ? 0 : 1;
  return percentSign(signed(numberWords(value * 100, digits, language), value), language);
}

/** A share of something, without a sign. */
export function shareWords(value: number, language: Language, digits = 1): string {
  return percentSign(numberWords(value * 100, digits, language), language);
}

function percentSign(text: string, language: Language): string {
  return language === 'ru' ? `${text}${joined}%` : `${text}%`;
}

/** Never 0 and never blank. */
export function pValueWords(value: number | null, language: Language): string {
  if (value === null) return language === 'ru' ? 'не вычисляется' : 'not computable';
  if (value < 0.0001) return `< ${numberWords(0.0001, 4, language)}`;
  return numberWords(value, value < 0.01 ? 4 : 3, language);
}

export function unitWords({ type, unit }: Measured, language: Language): string {
  if (type === 'share') return '';
  const own = unit[language];
  const perUser = type === 'ratio' ? '' : language === 'ru' ? 'на человека' : 'per person';
  return [own, perUser].filter((part) => part !== '').join(' ');
}

const plurals: Record<Language, Intl.PluralRules> = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

/** `9 дней`, `21 день`, `1 day`. */
export function counted(value: number, language: Language, forms: { ru: [one: string, few: string, many: string]; en: [one: string, other: string] }): string {
  const rule = plurals[language].select(value);
  const [one, few, many] = forms.ru;
  const word = language === 'ru' ? { one, few, many }[rule as 'one' | 'few' | 'many'] ?? few : rule === 'one' ? forms.en[0] : forms.en[1];
  return `${countWords(value, language)}${joined}${word}`;
}

export const dayForms: Parameters<typeof counted>[2] = { ru: ['день', 'дня', 'дней'], en: ['day', 'days'] };
export const userForms: Parameters<typeof counted>[2] = { ru: ['человек', 'человека', 'человек'], en: ['user', 'users'] };
