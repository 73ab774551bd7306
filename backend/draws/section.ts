import { z } from 'zod';
import { sameText, type LocalText } from '../../shared/language.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { CatalogKind, ReadSection, SectionParts } from '../catalog/kind.ts';
import { identifier, localised, wholeNumber } from '../catalog/shapes.ts';
import { readKeys } from '../catalog/yaml-shape.ts';
import { at, type YamlValue } from '../catalog/yaml-value.ts';

/** The section `draw:` of a task, as the catalog keeps it. */
export interface DrawSection {
  /** Column of the last step. */
  participant: string;
  /** Column of the last step; everybody has the same chance without it. */
  weight?: string;
  prizes: { title: LocalText; count: number }[];
  reserves: number;
  /** A field of the form: one draw a period. Without it, one draw for each set of values. */
  period?: string;
  /** Names of steps whose people may not take part, and `lastWinners`. */
  exclude: ({ step: string; title: LocalText } | 'lastWinners')[];
  /** Whether a number that was published after the freeze is mixed in. */
  strict: boolean;
}

const column = z.string().regex(identifier, 'a column: latin letters, digits and _');
const excludedAdvice = 'write lastWinners, steps.NAME or { list: steps.NAME, title: { ru: …, en: … } }';
const stepName = z.string().regex(/^steps\.[A-Za-z_]\w*$/, excludedAdvice);
const excluded = z.union([z.literal('lastWinners'), stepName, z.strictObject({ list: stepName, title: localised })], { error: excludedAdvice });
const mostPlaces = 10_000;

const shape = {
  participant: column,
  weight: column.optional(),
  prizes: z.array(z.strictObject({ title: localised, count: wholeNumber.min(1, 'at least 1') })).min(1, 'name a prize: { title: { ru: …, en: … }, count: 1 }'),
  reserves: wholeNumber.optional(),
  period: z.string().optional(),
  exclude: z.array(excluded).optional(),
  strict: z.boolean().optional(),
};

type Written = ReturnType<typeof readKeys<typeof shape>>;

/** Reads the section of a task of kind `draw`. */
export const drawCatalogKind: CatalogKind = { kind: 'draw', read: readSection };

function readSection(section: YamlValue | undefined, parts: SectionParts): ReadSection {
  const nothing: ReadSection = { section: null, fields: [], uses: [] };
  if (section === undefined) {
    parts.faults.push(parts.source.fault(0, 'a task of kind draw has no section "draw"', 'add draw: { participant: user_id, prizes: [ { title: { ru: …, en: … }, count: 1 } ], reserves: 3 }'));
    return nothing;
  }
  const before = parts.faults.length;
  const written = readKeys(section, shape, 'draw', parts.faults);
  const steps = checkNames(written, (path) => at(section, path), parts);
  if (parts.faults.length > before || written.participant === undefined || written.prizes === undefined) return nothing;
  const read: DrawSection = {
    participant: written.participant,
    ...(written.weight === undefined ? {} : { weight: written.weight }),
    prizes: written.prizes,
    reserves: written.reserves ?? 0,
    ...(written.period === undefined ? {} : { period: written.period }),
    exclude: (written.exclude ?? []).map((one) => (one === 'lastWinners' ? one : { step: stepOf(one), title: typeof one === 'string' ? sameText(stepOf(one)) : one.title })),
    strict: written.strict ?? false,
  };
  return { section: read, fields: [], uses: [], steps };
}

type Excluded = z.output<typeof excluded>;
const stepOf = (one: Excluded): string => (typeof one === 'string' ? one : one.list).slice('steps.'.length);

/** Returns the steps that the section reads. */
function checkNames({ period, prizes, reserves, exclude }: Written, place: (path: PropertyKey[]) => YamlValue, { form, steps, faults }: SectionParts): string[] {
  const fault = (of: YamlValue, message: string, advice: string): void => void faults.push(of.source.fault(of.offset, message, advice));
  const fields = [...form.fields].flatMap(([name, field]) => (field === null || field.kind === 'dateRange' ? [name] : []));
  if (period !== undefined && !fields.includes(period))
    fault(place(['period']), `period is "${period}"`, fields.length === 0 ? 'add a field to the form: period: { kind: dateRange, label: { ru: Неделя, en: Week }, default: lastCalendarWeek }' : `name a field of kind dateRange: ${suggest(period, fields)}`);
  const places = (prizes ?? []).reduce((sum, { count }) => sum + count, 0) + (reserves ?? 0);
  if (places > mostPlaces) fault(place(['prizes']), `${places} places in all`, `at most ${mostPlaces} prizes and reserves together`);
  const earlier = steps.slice(0, -1).map(({ name }) => name);
  const read = (exclude ?? []).filter((one) => one !== 'lastWinners').map(stepOf);
  (exclude ?? []).forEach((one, index) => {
    if (one !== 'lastWinners' && !earlier.includes(stepOf(one))) fault(place(['exclude', index]), `there is no step "${stepOf(one)}" before the last one`, suggest(stepOf(one), earlier));
  });
  return read;
}
