import { z } from 'zod';
import { fieldKind } from './field-kind.ts';

const yes = /^(true|yes|1|да|истина)$/i;
const no = /^(false|no|0|нет|ложь)$/i;

/** Yes or no. No counts as empty, so that `[[ … {{field}} … ]]` is there only for yes. */
export const toggle = fieldKind({
  kind: 'toggle',
  settings: z.object({}),
  value: z.boolean(),
  parts: [''],
  parseText: (written) => (yes.test(written.trim()) ? true : no.test(written.trim()) ? false : undefined),
  isEmpty: (value) => !value,
  resolve: (value) => value,
  check: () => null,
  describe: (value, language) => (language === 'ru' ? (value ? 'да' : 'нет') : value ? 'yes' : 'no'),
  bind: (value) => ({ '': { scalar: 'boolean', value } }),
});
