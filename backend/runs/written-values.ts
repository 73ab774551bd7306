import { DateTime } from 'luxon';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { fieldKindOf } from '../../shared/fields/index.ts';
import type { AnyValue, FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field, Task } from '../catalog/task.ts';

/** A value as a command line or a worksheet writes it: text, a number, yes or no, or a range of cells. */
export type WrittenValue = string | number | boolean | null | WrittenValue[];

const dateKinds = ['date', 'month', 'dateRange'];

/** Excel's day number to a local day; day 60 is 1900's false leap day, so only later days are exact, and those are meant. */
function dayOfSerial(serial: number): string {
  return DateTime.fromISO('1899-12-30', { zone: 'utc' }).plus({ days: Math.floor(serial) }).toISODate() ?? '';
}

function flat(written: WrittenValue): string[] {
  if (Array.isArray(written)) return written.flatMap(flat);
  return written === null || written === '' ? [] : [String(written)];
}

function readValue(field: Field, written: WrittenValue, context: FieldContext): AnyValue | undefined {
  const kind = fieldKindOf(field.kind);
  if (Array.isArray(written) && (field.kind === 'list' || field.kind === 'choices')) return flat(written);
  const single = Array.isArray(written) ? flat(written) : [written];
  if (single.length === 2 && field.kind === 'dateRange') return readValue(field, single.map((end) => (typeof end === 'string' && /^\d+(\.\d+)?$/.test(end) ? dayOfSerial(Number(end)) : String(end))).join('..'), context);
  const [one = null] = single;
  if (one === null || one === '') return null;
  if (typeof one === 'number' && dateKinds.includes(field.kind)) return readValue(field, field.kind === 'month' ? dayOfSerial(one).slice(0, 7) : field.kind === 'date' ? dayOfSerial(one) : `${dayOfSerial(one)}..${dayOfSerial(one)}`, context);
  return kind.parseText(String(one), context);
}

const cannotRead = (written: WrittenValue): LocalText => ({
  ru: `Значение «${flat(written).join(', ').slice(0, 60)}» не подходит этому полю.`,
  en: `The value “${flat(written).join(', ').slice(0, 60)}” does not suit this field.`,
});

/** Reads values given by field name; fields that are not named take their defaults. Throws `invalid_values` naming every fault. */
export function readWrittenValues(task: Task, written: Record<string, WrittenValue>, context: FieldContext): FormValues {
  const names = task.fields.map((field) => field.name);
  const faults: Record<string, LocalText> = {};
  const values: FormValues = {};
  for (const name of Object.keys(written))
    if (!names.includes(name)) faults[name] = { ru: `Такого поля нет. Есть: ${names.join(', ')}.`, en: `There is no such field. There are: ${names.join(', ')}.` };
  for (const field of task.fields) {
    const given = written[field.name];
    const value = given === undefined ? field.default : readValue(field, given, context);
    if (given !== undefined && value === undefined) faults[field.name] = cannotRead(given);
    else if (value !== undefined && value !== null) values[field.name] = value;
  }
  if (Object.keys(faults).length > 0)
    throw new Problem('invalid_values', { ru: Object.entries(faults).map(([name, { ru }]) => `${name}: ${ru}`).join(' '), en: Object.entries(faults).map(([name, { en }]) => `${name}: ${en}`).join(' ') }, { fields: faults });
  return values;
}
