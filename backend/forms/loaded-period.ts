import { DateTime } from 'luxon';
import { fieldKindOf } from '../../shared/fields/index.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import { dayWords } from '../../shared/period-words.ts';
import { addDays, startOfDay } from '../../shared/relative-period.ts';
import type { Field } from '../catalog/task.ts';
import { notBegunYet, notLoadedYet } from './messages.ts';

/** A load at 23:59 or 23:59:59 has the whole day. */
const lastMinuteMs = 60_000;

/** Whether data loaded up to `loaded` covers everything before `end`; both ISO 8601. */
export function isLoaded(loaded: string, end: string): boolean {
  return Date.parse(loaded) + lastMinuteMs >= Date.parse(end);
}

/** Periods and months of the form that end later than the data. `loaded` is ISO 8601, or `null` when nothing is. */
export function periodProblems(fields: readonly Field[], resolved: FormValues, loaded: string | null, context: FieldContext): Record<string, LocalText> {
  const late = fields.flatMap((field) => {
    const { start = '', end } = boundsOf(field, resolved, context);
    return end !== undefined && (loaded === null || !isLoaded(loaded, end)) ? [{ name: field.name, start }] : [];
  });
  const startOfTomorrow = startOfDay(addDays(context.today, 1), context.zone);
  const words = (start: string): LocalText => (start >= startOfTomorrow ? notBegunYet : notLoadedYet(loaded === null ? null : momentWords(loaded, context.zone)));
  return Object.fromEntries(late.map(({ name, start }) => [name, words(start)]));
}

/** The instants between which a period or month lies; both in UTC. */
function boundsOf(field: Field, resolved: FormValues, context: FieldContext): { start?: string; end?: string } {
  if (field.kind !== 'dateRange' && field.kind !== 'month') return {};
  const kind = fieldKindOf(field.kind);
  const value = kind.value.safeParse(resolved[field.name]);
  const { start, end } = value.success ? kind.bind(value.data, field.settings, context) : {};
  return { ...(typeof start?.value === 'string' ? { start: start.value } : {}), ...(typeof end?.value === 'string' ? { end: end.value } : {}) };
}

function momentWords(instant: string, zone: string): LocalText {
  const local = DateTime.fromISO(instant, { zone });
  const day = local.toISODate() ?? '';
  const time = local.toFormat('HH:mm');
  return { ru: `${dayWords(day, 'ru')}, ${time}`, en: `${dayWords(day, 'en')}, ${time}` };
}
