import { z } from 'zod';
import { fieldKind } from './field-kind.ts';

const settings = z.object({ maxLength: z.number().int().min(1).max(100_000).default(1000), multiline: z.boolean().default(false) });

/** Free text. Control characters other than tab and line ends are refused: no engine agrees on what NUL means. */
export const text = fieldKind({
  kind: 'text',
  settings,
  value: z.string(),
  parts: [''],
  parseText: (written) => written,
  isEmpty: (value) => value.trim() === '',
  resolve: (value) => value,
  check: (value, { maxLength }) => {
    if (value.length > maxLength)
      return { ru: `Не длиннее ${maxLength} знаков, а здесь ${value.length}.`, en: `At most ${maxLength} characters, this has ${value.length}.` };
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)
      ? { ru: 'В тексте есть невидимый служебный знак. Наберите текст заново.', en: 'The text holds an invisible control character. Please type it again.' }
      : null;
  },
  describe: (value) => value.trim(),
  bind: (value) => ({ '': { scalar: 'string', value } }),
});
