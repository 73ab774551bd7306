import { z } from 'zod';
import { choiceSettings, optionValue } from './choice.ts';
import { fieldKind } from './field-kind.ts';

/** Several of the options, in the order of the options. */
export const choices = fieldKind({
  kind: 'choices',
  settings: choiceSettings,
  value: z.array(optionValue).max(10_000),
  parts: [''],
  parseText: (written) =>
    written
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== ''),
  isEmpty: (value) => value.length === 0,
  resolve: (value) => [...new Map(value.map((one) => [String(one), one])).values()],
  check: () => null,
  describe: (value) => value.map(String).join(', '),
  bind: (value, { scalar }) => ({ '': { scalar, value: value.map(String) } }),
});
