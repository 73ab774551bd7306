import { z } from 'zod';
import { fieldKind } from './field-kind.ts';

const settings = z.object({
  /** The source with the cohorts; needed only where there are several. */
  on: z.string().min(1).optional(),
});

const cohortId = /^[A-Za-z0-9_-]{4,32}$/;
const mostCharacters = 2_000;

/** What is known of one cohort before a run. */
export const cohortView = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Users in it when it was last computed. */
  size: z.number().int().nullable(),
  /** ISO 8601 in UTC. */
  computedAt: z.string().nullable(),
  archived: z.boolean(),
  /** False while it is being computed. */
  finished: z.boolean(),
});
export type CohortView = z.infer<typeof cohortView>;

/** Cohorts that fit a search, and how much may still be downloaded. */
export const cohortAnswer = z.strictObject({
  found: z.array(cohortView),
  more: z.boolean(),
  /** True when the search was an id and no list of the source has it. An unpublished cohort may be there all the same. */
  unlisted: z.boolean(),
  downloads: z.strictObject({ used: z.number().int(), limit: z.number().int() }).optional(),
});
export type CohortAnswer = z.infer<typeof cohortAnswer>;

function addressOf(written: string): URL | undefined {
  const text = written.length > mostCharacters ? '' : written.trim();
  if (!/^(https?:\/\/|[\w.-]*amplitude\.com\/)/i.test(text)) return undefined;
  try {
    return new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return undefined;
  }
}

function isAmplitude({ hostname }: URL): boolean {
  return hostname === 'amplitude.com' || hostname.endsWith('.amplitude.com');
}

/** The id that a person meant: what follows `/cohort/` in an address of Amplitude, or the text itself. `undefined` when it is neither. */
export function cohortIdIn(written: string): string | undefined {
  const address = addressOf(written);
  const id = address === undefined ? written.trim() : isAmplitude(address) ? /\/cohorts?\/([^/]+)/.exec(address.pathname)?.[1] : undefined;
  return id !== undefined && cohortId.test(id) ? id : undefined;
}

/** A cohort of Amplitude, by its id; an address copied from the browser is reduced to it. */
export const cohort = fieldKind({
  kind: 'cohort',
  settings,
  value: z.string(),
  parts: [''],
  parseText: (written) => cohortIdIn(written) ?? written.trim(),
  isEmpty: (value) => value.trim() === '',
  resolve: (value) => cohortIdIn(value) ?? value.trim(),
  check: (value) => {
    if (cohortIdIn(value) !== undefined) return null;
    const address = value.length > mostCharacters ? undefined : addressOf(value);
    if (address !== undefined && !isAmplitude(address))
      return { ru: 'Это ссылка не на Amplitude. Откройте когорту в Amplitude и скопируйте адрес страницы.', en: 'This link does not lead to Amplitude. Open the cohort in Amplitude and copy the address of the page.' };
    if (address !== undefined)
      return { ru: 'В этой ссылке нет когорты. Откройте в Amplitude саму когорту: в её адресе есть /cohort/.', en: 'This link holds no cohort. Open the cohort itself in Amplitude: its address has /cohort/ in it.' };
    return { ru: 'Нужен id когорты (например, 5mjbq8w) или ссылка на неё из Amplitude.', en: 'The id of a cohort (such as 5mjbq8w) or a link to it in Amplitude is needed.' };
  },
  describe: (value) => cohortIdIn(value) ?? value.trim(),
  bind: (value) => ({ '': { scalar: 'string', value: cohortIdIn(value) ?? value.trim() } }),
});
