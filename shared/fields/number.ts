import { z } from 'zod';
import type { LocalText } from '../language.ts';
import { fieldKind, type BoundValue } from './field-kind.ts';

/** Settings of numbers and ranges of numbers. `decimals` 0 binds an integer, more binds a decimal of that scale. */
export const numberSettings = z.object({
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.number().positive().optional(),
  decimals: z.number().int().min(0).max(12).default(0),
});
export type NumberSettings = z.infer<typeof numberSettings>;

export const numberValue = z.union([z.number(), z.string().regex(/^-?\d{1,30}(\.\d{1,12})?$/)]);

/** `1 234,5`, `1234.5`, `−3`: as people write numbers in either language. A point or comma is the decimal mark. */
export function parseNumber(written: string): string | undefined {
  const plain = written.trim().replace(/[\s\u00a0\u202f]/g, '').replace('−', '-').replace(',', '.');
  return /^-?\d{1,30}(\.\d{1,12})?$/.test(plain) ? plain : undefined;
}

/** What is wrong with one number, in words. */
export function checkNumber(value: number | string, { min, max, step, decimals }: NumberSettings): LocalText | null {
  const number = Number(value);
  const written = String(value);
  if (!Number.isFinite(number)) return { ru: 'Нужно число.', en: 'A number is needed.' };
  if ((written.split('.')[1] ?? '').length > decimals)
    return decimals === 0
      ? { ru: `Нужно целое число, а здесь ${written.replace('.', ',')}.`, en: `A whole number is needed, this is ${written}.` }
      : { ru: `Не больше ${decimals} знаков после запятой.`, en: `At most ${decimals} digits after the point.` };
  if (min !== undefined && number < min) return { ru: `Не меньше ${min}.`, en: `At least ${min}.` };
  if (max !== undefined && number > max) return { ru: `Не больше ${max}.`, en: `At most ${max}.` };
  if (step !== undefined) {
    const steps = (number - (min ?? 0)) / step;
    if (Math.abs(steps - Math.round(steps)) > 1e-9) return { ru: `С шагом ${step}.`, en: `In steps of ${step}.` };
  }
  const limit = decimals === 0 ? 18 : 30 - decimals;
  return written.replace(/^-/, '').replace(/\..*/, '').length > limit ? { ru: 'Слишком большое число.', en: 'The number is too large.' } : null;
}

/** A number as text, exact; numbers from JSON are printed without an exponent. */
export function numberText(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(12).replace(/0+$/, '');
}

export function boundNumber(value: number | string, decimals: number): BoundValue {
  return { scalar: decimals === 0 ? 'integer' : 'decimal', value: numberText(value) };
}

export const number = fieldKind({
  kind: 'number',
  settings: numberSettings,
  value: numberValue,
  parts: [''],
  parseText: parseNumber,
  isEmpty: () => false,
  resolve: (value) => value,
  check: checkNumber,
  describe: (value, language) => (language === 'ru' ? numberText(value).replace('.', ',') : numberText(value)),
  bind: (value, { decimals }) => ({ '': boundNumber(value, decimals) }),
});
