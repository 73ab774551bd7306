import { z } from 'zod';
import { fieldKind } from './field-kind.ts';
import { boundNumber, checkNumber, numberSettings, numberText, numberValue, parseNumber } from './number.ts';

const value = z.strictObject({ from: numberValue.nullable(), until: numberValue.nullable() });

/** An open end is bound as a number beyond every real one, so that one-sided ranges work in BETWEEN and in comparisons alike. */
const beyond = 10 ** 15;

/** Both ends inclusive; either may be left open. */
export const numberRange = fieldKind({
  kind: 'numberRange',
  settings: numberSettings,
  value,
  parts: ['from', 'until'],
  parseText: (written) => {
    const [from = '', until = '', ...rest] = written.split('..').map((end) => end.trim());
    const ends = { from: from === '' ? null : parseNumber(from), until: until === '' ? null : parseNumber(until) };
    if (rest.length > 0 || !written.includes('..') || ends.from === undefined || ends.until === undefined) return undefined;
    return { from: ends.from, until: ends.until };
  },
  isEmpty: ({ from, until }) => from === null && until === null,
  resolve: (range) => range,
  check: ({ from, until }, settings) => {
    const fault = (from === null ? null : checkNumber(from, settings)) ?? (until === null ? null : checkNumber(until, settings));
    if (fault !== null || from === null || until === null) return fault;
    return Number(from) > Number(until)
      ? { ru: `Начало (${from}) больше конца (${until}).`, en: `The start (${from}) is above the end (${until}).` }
      : null;
  },
  describe: ({ from, until }, language) => {
    const words = language === 'ru' ? { from: 'от', until: 'до' } : { from: 'from', until: 'to' };
    if (from === null) return until === null ? '' : `${words.until} ${numberText(until)}`;
    return until === null ? `${words.from} ${numberText(from)}` : `${numberText(from)}–${numberText(until)}`;
  },
  bind: ({ from, until }, { min, max, decimals }) => ({
    from: boundNumber(from ?? min ?? -beyond, decimals),
    until: boundNumber(until ?? max ?? beyond, decimals),
  }),
});
