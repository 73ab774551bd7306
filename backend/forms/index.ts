import type { FormValues } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field, Task } from '../catalog/task.ts';
import { examineForm } from './check.ts';
import { findCohorts } from './cohorts.ts';
import { queriedDefault } from './default-value.ts';
import { FormReader, neededFields, type ReadRequest } from './form-reader.ts';
import type { FormReport, FormRequest, Forms, FormsParts } from './forms.ts';
import { FieldOptions } from './options.ts';
import { readValue } from './values.ts';
import { shownFields } from './visibility.ts';

export type { CheckedForm, FormReport, FormRequest, Forms, FormsParts, UnknownEntries } from './forms.ts';
export { fieldViews } from './field-views.ts';
export { isLoaded } from './loaded-period.ts';

/** Opens all that the server does with forms. Options are held for a minute. */
export function openForms({ sources, loadedUntil, now, uploads }: FormsParts): Forms {
  const reader = new FormReader(sources);
  const options = new FieldOptions(reader, now);
  const parts = { reader, options, loadedUntil, uploads };

  const defaultFromQuery: Forms['defaultFromQuery'] = async (task, name, values, request) => {
    const field = fieldNamed(task, name);
    const reading = readingOf(task, values, request);
    if (field.defaultQuery === undefined || !hasAll(task, neededFields(field.defaultQuery), reading.values)) return undefined;
    return queriedDefault(reader, { ...field, defaultQuery: field.defaultQuery }, reading);
  };

  return {
    examine: (task, values, request) => examineForm(parts, task, values, request),
    check: async (task, values, request) => {
      const report = await examineForm(parts, task, values, request);
      if (Object.keys(report.problems).length > 0) throw refusal(task, report);
      const { entered, resolved, words, fieldWords, files } = report;
      return { entered, resolved, words, fieldWords, files };
    },
    options: async (task, name, { search, values }, request) => {
      const field = fieldNamed(task, name);
      if (field.kind === 'cohort') return { options: [], more: false, cohorts: await findCohorts(sources, field, search ?? '', request.signal) };
      const byDefault = await defaultFromQuery(task, name, values, request);
      const withDefault = byDefault === undefined ? {} : { default: byDefault };
      const reading = readingOf(task, values, request);
      const isAskable = field.optionsQuery === undefined || hasAll(task, neededFields(field.optionsQuery), reading.values);
      if (!isAskable) return { options: [], more: false, ...withDefault };
      return { ...(await options.find(field, { ...reading, search, task, personId: request.person.id })), ...withDefault };
    },
    defaultFromQuery,
  };
}

function fieldNamed(task: Task, name: string): Field {
  const field = task.fields.find((one) => one.name === name);
  if (field === undefined) throw new Problem('not_found', { ru: 'В этой форме нет такого поля. Обновите форму.', en: 'This form has no such field. Reload the form.' });
  return field;
}

/** Values of a form that is still being filled in: what is wrong so far counts as empty. */
function readingOf(task: Task, given: FormValues, { context, signal }: FormRequest): ReadRequest {
  const shown = shownFields(task.fields, given);
  const values: FormValues = {};
  for (const field of task.fields) {
    const read = shown.has(field.name) && Object.hasOwn(given, field.name) ? readValue(field, given[field.name], context) : undefined;
    if (read?.state === 'filled') values[field.name] = read.value;
  }
  return { fields: task.fields, values, context, ...(signal === undefined ? {} : { signal }) };
}

function hasAll(task: Task, names: readonly string[], values: FormValues): boolean {
  return names.every((name) => Object.hasOwn(values, name) || task.fields.some((field) => field.name === name && field.kind === 'toggle'));
}

function refusal(task: Task, { problems, unknown }: FormReport): Problem {
  const labels = task.fields.filter(({ name }) => Object.hasOwn(problems, name));
  const names = (language: 'ru' | 'en') => labels.map(({ label }) => label[language]).join(', ');
  const text =
    labels.length === 0
      ? { ru: 'В запросе есть поля, которых нет в форме. Обновите форму.', en: 'The request has fields that the form does not have. Reload the form.' }
      : { ru: `Проверьте: ${names('ru')}.`, en: `Please check: ${names('en')}.` };
  return new Problem('invalid_values', text, { fields: problems, ...(Object.keys(unknown).length === 0 ? {} : { unknown }) });
}
