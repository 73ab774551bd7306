import type { AnyValue, FormValues } from '../../shared/form.ts';
import { checkValue } from './field-value.ts';
import { exampleShape } from './shapes.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Field, TaskExample } from './task.ts';
import { entries, items, type YamlValue } from './yaml-value.ts';
import { readKeys } from './yaml-shape.ts';

/** Values with an expectation, checked against the form. */
export function readExamples(of: YamlValue | undefined, fields: ReadonlyMap<string, Field | null>, faults: Fault[]): TaskExample[] {
  if (of === undefined) return [];
  const written = items(of);
  if (written === null) faults.push(of.source.fault(of.offset, 'examples is not a list', 'write - values: { … } and expect: { … }'));
  return (written ?? []).map((example) => {
    const { expect } = readKeys(example, exampleShape, 'an example', faults);
    const values = entries(example)?.find(({ key }) => key === 'values')?.value;
    return { values: values === undefined ? {} : readValues(values, fields, faults), expect: expect ?? {} };
  });
}

function readValues(of: YamlValue, fields: ReadonlyMap<string, Field | null>, faults: Fault[]): FormValues {
  const values = (entries(of) ?? []).flatMap(({ key, keyOffset, value }): [string, AnyValue][] => {
    const field = fields.get(key);
    if (field === undefined) faults.push(of.source.fault(keyOffset, `an example fills in "${key}", which the form does not have`, suggest(key, [...fields.keys()])));
    if (field === undefined || field === null || value.value === null) return [];
    const checked = checkValue(field, value.value);
    if ('value' in checked) return [[key, checked.value]];
    faults.push(of.source.fault(value.offset, `example: ${checked.message}`, checked.advice));
    return [];
  });
  return Object.fromEntries(values);
}
