import { z } from 'zod';
import { cohortIdIn } from '../../../shared/fields/cohort.ts';
import { isoDate } from '../../../shared/relative-period.ts';
import type { LoadShape, StoredColumn } from '../../workbench/workbench.ts';
import { takes, type StepBody } from '../yaml-step.ts';

const name = z.string().trim().min(1).max(1_000);
const names = z.union([z.array(name), name.transform((one) => [one])]).refine((all) => new Set(all).size === all.length && all.length <= 100);
const share = z.string().regex(/^(0(\.\d+)?|1(\.0+)?)$/).transform(Number);
const cohortShare = 0.95;

/** What a step on Amplitude may ask for. */
export const stepShapes = {
  cohort: z.strictObject({
    cohort: takes(z.string().transform((written) => cohortIdIn(written) ?? '').refine((id) => id !== ''), {
      ru: 'нужен id когорты, например 5mjbq8w, или поле вида cohort',
      en: 'the id of a cohort is needed, such as 5mjbq8w, or a field of kind cohort',
    }),
    properties: takes(names, { ru: 'нужен список свойств пользователя без повторов, например [platform, city]', en: 'a list of user properties without repeats is needed, such as [platform, city]' }).default([]),
    atLeast: takes(share, { ru: 'нужна доля от 0 до 1, например 0.5', en: 'a share from 0 to 1 is needed, such as 0.5' }).default(cohortShare),
  }),
  events: z.strictObject({ events: takes(z.literal('list'), { ru: 'напишите events: list', en: 'write events: list' }) }),
  event: z.strictObject({
    event: takes(name, { ru: 'нужно название события', en: 'the name of an event is needed' }),
    from: takes(isoDate, { ru: 'нужен первый день, например 2026-03-01 или {{period.from}}', en: 'the first day is needed, such as 2026-03-01 or {{period.from}}' }),
    until: takes(isoDate, { ru: 'нужен день после последнего, например 2026-04-01 или {{period.until}}', en: 'the day after the last is needed, such as 2026-04-01 or {{period.until}}' }),
  }),
};

export type AmplitudeBody = StepBody<typeof stepShapes>;
export type CohortBody = Extract<AmplitudeBody, { kind: 'cohort' }>['body'];
export type EventBody = Extract<AmplitudeBody, { kind: 'event' }>['body'];

const text = 'Nullable(String)';

/** Ids are text: those of Amplitude have 64 bits. Users that never signed in have no `user_id`. */
export function cohortColumns(properties: string[]): StoredColumn[] {
  return ['amplitude_id', 'user_id', ...properties].map((column) => ({ name: column, engineType: text }));
}

/** How cleaned rows of a cohort are written. */
export function csvShape(properties: string[]): LoadShape {
  return { format: 'CSV', columns: cohortColumns(properties) };
}

export const eventListColumns: StoredColumn[] = [
  { name: 'event', engineType: 'String' },
  { name: 'title', engineType: 'String' },
  { name: 'this_week', engineType: 'Int64' },
  { name: 'active', engineType: 'Bool' },
];

export const eventColumns: StoredColumn[] = [
  { name: 'day', engineType: 'Date' },
  { name: 'event', engineType: 'String' },
  { name: 'total', engineType: 'Int64' },
];

/** What a step with this body returns. */
export function columnsOf({ kind, body }: AmplitudeBody): StoredColumn[] {
  switch (kind) {
    case 'cohort':
      return cohortColumns(body.properties);
    case 'events':
      return eventListColumns;
    case 'event':
      return eventColumns;
  }
}
