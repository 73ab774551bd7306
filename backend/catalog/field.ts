import { z } from 'zod';
import { fieldKindOf, type FieldKindName } from '../../shared/fields/index.ts';
import type { AnyValue } from '../../shared/form.ts';
import { searchName } from '../template/index.ts';
import { commonKeys, settingsOf, sourceKeysOf } from './field-shape.ts';
import { checkValue } from './field-value.ts';
import { readOptions } from './options.ts';
import { checkSource, readQuery, type Names, type ReadQuery } from './query-text.ts';
import type { Fault, Field, SqlOption } from './task.ts';
import { entries, items, type YamlEntry, type YamlValue } from './yaml-value.ts';
import { readEntries } from './yaml-shape.ts';

/** A field with its queries, whose use of other fields is checked once the whole form is known. */
export interface ReadField {
  field: Field;
  place: YamlValue;
  queries: { role: 'options' | 'known' | 'default'; read: ReadQuery }[];
}

/** Reads the entries of one field; `undefined` when it has faults. */
export function readField(name: string, pairs: YamlEntry[], place: YamlValue, parts: { names: Names; faults: Fault[] }): ReadField | undefined {
  const faults: Fault[] = [];
  const read = readChecked(name, pairs, place, { ...parts, faults });
  parts.faults.push(...faults);
  return faults.length === 0 ? read : undefined;
}

function readChecked(name: string, pairs: YamlEntry[], place: YamlValue, parts: { names: Names; faults: Fault[] }): ReadField | undefined {
  const { faults } = parts;
  const kind = commonKeys.kind.safeParse(pairs.find(({ key }) => key === 'kind')?.value.value).data;
  if (kind === undefined) {
    const anyKey = Object.fromEntries(pairs.filter(({ key }) => !(key in commonKeys)).map(({ key }) => [key, z.unknown()]));
    readEntries(pairs, place, { shape: { ...commonKeys, ...anyKey }, what: `field ${name}`, faults });
    return undefined;
  }
  const what = `a field of kind ${kind}`;
  const ownKeys = Object.fromEntries(sourceKeysOf(kind).map((key) => [key, z.unknown()]));
  const settingShapes = settingsOf(kind);
  const common = readEntries(pairs, place, { shape: { ...commonKeys, ...allow(settingShapes), ...ownKeys }, what, faults });
  const settings = readEntries(pairs.filter(({ key }) => key in settingShapes), place, { shape: settingShapes, what, faults });
  const sources = readSources(pairs, { ...parts, kind, place });
  checkCohorts(kind, pairs, parts);
  checkBounds(pairs, settings, faults);
  checkScalar(pairs, sources.options, settings.scalar, faults);
  if (common.label === undefined) return undefined;
  const { help, placeholder, visibleWhen } = common;
  const field: Field = {
    name,
    kind,
    label: common.label,
    ...(help === undefined ? {} : { help }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(visibleWhen === undefined ? {} : { visibleWhen }),
    required: common.required ?? kind !== 'toggle',
    settings: withScalar(settings, pairs, sources.options),
    ...sources.queries,
    ...(sources.options === undefined ? {} : { options: sources.options }),
    searchesItself: sources.queries.optionsQuery?.template.fields.includes(searchName) ?? false,
    dependsOn: [],
  };
  const value = faults.length === 0 && sources.fixedDefault !== undefined ? readDefault(sources.fixedDefault, field, faults) : undefined;
  return { field: value === undefined ? field : { ...field, default: value }, place, queries: sources.read };
}

function allow(shape: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, z.unknown()]));
}

interface Sources {
  options?: SqlOption[];
  fixedDefault?: YamlValue;
  queries: Pick<Field, 'optionsQuery' | 'known' | 'defaultQuery'>;
  read: ReadField['queries'];
}

function readSources(pairs: YamlEntry[], { kind, place, names, faults }: { kind: FieldKindName; place: YamlValue; names: Names; faults: Fault[] }): Sources {
  const found: Sources = { queries: {}, read: [] };
  const valueOf = (key: string): YamlValue | undefined => pairs.find((pair) => pair.key === key)?.value;
  const query = (of: YamlValue, role: ReadField['queries'][number]['role'], what: string): ReadQuery['query'] | undefined => {
    const read = readQuery(of, what, names, faults);
    if (read !== undefined) found.read.push({ role, read });
    return read?.query;
  };
  const [options, known, fallback] = [valueOf('options'), valueOf('known'), valueOf('default')];
  if (sourceKeysOf(kind).includes('options')) {
    if (options === undefined) faults.push(place.source.fault(place.offset, `a field of kind ${kind} without options`, 'add options: [ { value: …, label: { ru: …, en: … } } ] or options: { on: …, sql: … }'));
    else if (items(options) !== null) found.options = readOptions(options, faults);
    else found.queries.optionsQuery = query(options, 'options', 'options');
  }
  if (known !== undefined && sourceKeysOf(kind).includes('known')) found.queries.known = query(known, 'known', 'known');
  if (fallback !== undefined && isQuery(fallback)) found.queries.defaultQuery = query(fallback, 'default', 'default');
  else if (fallback !== undefined && fallback.value !== null) found.fixedDefault = fallback;
  return found;
}

function isQuery(of: YamlValue): boolean {
  return entries(of)?.some(({ key }) => key === 'sql' || key === 'on') ?? false;
}

/** Fixed options are bound as what they are, unless the analyst says otherwise. */
function withScalar(settings: Record<string, unknown>, pairs: YamlEntry[], options: SqlOption[] | undefined): Record<string, unknown> {
  if (options === undefined || pairs.some(({ key }) => key === 'scalar')) return settings;
  const numbers = options.every(({ value }) => typeof value === 'number');
  const whole = options.every(({ value }) => Number.isInteger(value));
  return { ...settings, scalar: whole ? 'integer' : numbers ? 'decimal' : 'string' };
}

/** A cohort's source may be named; it is one that exists. */
function checkCohorts(kind: FieldKindName, pairs: YamlEntry[], { names, faults }: { names: Names; faults: Fault[] }): void {
  const on = kind === 'cohort' ? pairs.find(({ key }) => key === 'on')?.value : undefined;
  if (on !== undefined) checkSource(String(on.value), on.offset, on.source, names, faults);
}

function checkBounds(pairs: YamlEntry[], { min, max }: Record<string, unknown>, faults: Fault[]): void {
  const crossed = (typeof min === 'number' && typeof max === 'number' && min > max) || (typeof min === 'string' && typeof max === 'string' && min > max);
  const place = pairs.find(({ key }) => key === 'min');
  if (crossed && place !== undefined) faults.push(place.value.source.fault(place.value.offset, `min (${String(min)}) is above max (${String(max)})`, 'swap them'));
}

const scalarShapes: Record<string, RegExp> = { integer: /^-?\d+$/, decimal: /^-?\d+(\.\d+)?$/, date: /^\d{4}-\d{2}-\d{2}$/ };

function checkScalar(pairs: YamlEntry[], options: SqlOption[] | undefined, scalar: unknown, faults: Fault[]): void {
  const place = pairs.find(({ key }) => key === 'scalar')?.value;
  const wrong = options?.find(({ value }) => scalarShapes[String(scalar)]?.test(String(value)) === false);
  if (place !== undefined && wrong !== undefined) faults.push(place.source.fault(place.offset, `scalar is ${String(scalar)} and an option is "${wrong.value}"`, 'remove scalar: fixed options are bound as what they are'));
}

function readDefault(of: YamlValue, field: Field, faults: Fault[]): AnyValue | undefined {
  const checked = checkValue(field, of.value);
  if ('message' in checked) {
    faults.push(of.source.fault(of.offset, `default: ${checked.message}`, checked.advice));
    return undefined;
  }
  const kind = fieldKindOf(field.kind);
  const parsed = kind.value.safeParse(checked.value);
  return parsed.success && kind.isEmpty(parsed.data) && field.kind !== 'toggle' ? undefined : checked.value;
}
