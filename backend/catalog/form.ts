import { fieldName, searchName } from '../template/index.ts';
import { readField, type ReadField } from './field.ts';
import { cyclesOf } from './cycles.ts';
import { checkFields, type Names } from './query-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Field } from './task.ts';
import { entries, type YamlEntry, type YamlValue } from './yaml-value.ts';
import { shown } from './yaml-shape.ts';

/** Fields of `fields/*.yaml` by name; `null` has faults of its own. */
export type SharedFields = ReadonlyMap<string, YamlValue | null>;

export interface Form {
  /** In the order of the file. A field with faults is `null`. */
  fields: Map<string, Field | null>;
  /** Shared fields that it uses. */
  shared: string[];
}

export function readForm(of: YamlValue | undefined, parts: { shared: SharedFields; names: Names; faults: Fault[] }): Form {
  const { faults } = parts;
  const form: Form = { fields: new Map(), shared: [] };
  if (of === undefined || of.value === null || of.value === undefined) return form;
  const pairs = entries(of);
  if (pairs === null) faults.push(of.source.fault(of.offset, `form is ${shown(of.value)}`, 'write fields by name: partner: { kind: text, label: { ru: …, en: … } }'));
  const read: ReadField[] = [];
  for (const pair of pairs ?? []) {
    checkName(pair, faults);
    const merged = mergeShared(pair, parts.shared, form.shared, faults);
    const field = merged === undefined ? undefined : readField(pair.key, merged, pair.value, parts);
    form.fields.set(pair.key, field?.field ?? null);
    if (field !== undefined) read.push(field);
  }
  for (const field of read) checkReferences(field, form, of, faults);
  checkCycles(read, faults);
  return form;
}

function checkName({ key, keyOffset, value }: YamlEntry, faults: Fault[]): void {
  if (!fieldName.test(key)) faults.push(value.source.fault(keyOffset, `"${key}" can't be the name of a field`, 'use latin letters, digits and _, beginning with a small letter'));
  else if (key === searchName || key in Object.prototype) faults.push(value.source.fault(keyOffset, `"${key}" is a reserved name`, 'choose another name'));
}

/** The field's own entries over those of the shared field that it uses. */
function mergeShared({ key, value }: YamlEntry, shared: SharedFields, used: string[], faults: Fault[]): YamlEntry[] | undefined {
  const own = entries(value);
  const fault = (offset: number, message: string, advice: string): undefined => {
    faults.push(value.source.fault(offset, message, advice));
  };
  if (own === null) return fault(value.offset, `field ${key} is ${shown(value.value)}`, 'write { kind: …, label: { ru: …, en: … } } or { use: NAME }');
  const use = own.find((entry) => entry.key === 'use');
  if (use === undefined) return own;
  const name = String(use.value.value);
  const base = shared.get(name);
  if (base === undefined) return fault(use.value.offset, `there is no shared field "${name}"`, suggest(name, [...shared.keys()]));
  used.push(name);
  if (base === null) return fault(use.value.offset, `the shared field "${name}" has faults`, `mend fields/${name}.yaml`);
  const overridden = new Set(own.map((entry) => entry.key));
  const kept = (entries(base) ?? []).filter((entry) => !overridden.has(entry.key));
  return [...kept, ...own.filter((entry) => entry !== use)];
}

function checkReferences({ field, place, queries }: ReadField, form: Form, of: YamlValue, faults: Fault[]): void {
  const found: Fault[] = [];
  for (const { role, read } of queries) {
    checkFields(read.query.template, read.from, { fields: form.fields, search: role === 'options', refuseEmpty: false }, found);
    const others = read.query.template.fields.filter((name) => name !== searchName);
    if (others.includes(field.name)) found.push(read.from.source.fault(read.from.offset(0), `${role} of ${field.name} use {{${field.name}}} itself`, 'use other fields, or {{search}} for what the person types'));
    if (role !== 'known') field.dependsOn.push(...others.filter((name) => !field.dependsOn.includes(name)));
  }
  const inTask = found.map((fault) => (fault.file === of.source.file ? fault : { ...fault, message: `${fault.message} (as used in ${of.source.file})` }));
  faults.push(...inTask, ...visibilityFaults(field, place, form.fields));
}

function visibilityFaults({ name, visibleWhen }: Field, place: YamlValue, fields: Form['fields']): Fault[] {
  if (visibleWhen === undefined) return [];
  const at = entries(place)?.find(({ key }) => key === 'visibleWhen')?.value ?? place;
  const fault = (message: string, advice: string): Fault[] => [at.source.fault(at.offset, `visibleWhen of ${name}: ${message}`, advice)];
  const other = fields.get(visibleWhen.field);
  if (other === undefined || visibleWhen.field === name)
    return fault(`there is no other field "${visibleWhen.field}"`, suggest(visibleWhen.field, [...fields.keys()].filter((one) => one !== name)));
  const possible = other?.kind === 'toggle' ? ['true', 'false'] : other?.options?.map(({ value }) => String(value));
  const wrong = visibleWhen.is.map(String).find((one) => possible !== undefined && !possible.includes(one));
  return wrong === undefined ? [] : fault(`${visibleWhen.field} is never "${wrong}"`, suggest(wrong, possible ?? []));
}

function checkCycles(read: ReadField[], faults: Fault[]): void {
  const needs = new Map(read.map(({ field }) => [field.name, [...field.dependsOn, ...(field.visibleWhen === undefined ? [] : [field.visibleWhen.field])].filter((name) => name !== field.name)]));
  for (const cycle of cyclesOf(needs)) {
    const place = read.find(({ field }) => field.name === cycle[0])?.place;
    if (place !== undefined) faults.push(place.source.fault(place.offset, `fields depend on each other: ${[...cycle, cycle[0]].join(' → ')}`, 'let one of them stand without the others'));
  }
}
