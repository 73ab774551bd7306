import { z } from 'zod';
import { sameText, type LocalText } from '../../shared/language.ts';
import type { Chart } from '../../shared/result.ts';
import { lex } from '../template/index.ts';
import { columnOf } from './options.ts';
import { chartShape, columnShape, identifier, localised } from './shapes.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Field, Step, Task, TaskColumn } from './task.ts';
import { entries, type YamlValue } from './yaml-value.ts';
import { readKeys } from './yaml-shape.ts';

const resultShape = { step: z.string(), title: localised };

/** Results of a task: as `results` names them, or the last step under the task's own title. */
export function readResults(of: YamlValue | undefined, steps: string[], title: LocalText, faults: Fault[]): Task['results'] {
  const last = steps.at(-1) ?? '';
  if (of === undefined) return [{ name: 'result', title, step: last }];
  const pairs = entries(of) ?? [];
  if (pairs.length === 0) faults.push(of.source.fault(of.offset, 'results is empty', 'write { summary: STEP } or { summary: { step: STEP, title: { ru: …, en: … } } }'));
  return pairs.flatMap(({ key, keyOffset, value }) => {
    if (!identifier.test(key)) faults.push(of.source.fault(keyOffset, `"${key}" can't be the name of a result`, 'use latin letters, digits and _'));
    const short = typeof value.value === 'string' ? value.value : undefined;
    const { step, title: own } = short === undefined ? readKeys(value, resultShape, `result ${key}`, faults) : { step: short, title: sameText(key) };
    if (step === undefined || own === undefined) return [];
    if (!steps.includes(step)) faults.push(of.source.fault(value.offset, `there is no step "${step}"`, suggest(step, steps)));
    return [{ name: key, title: own, step }];
  });
}

/** Titles and types of columns, those of options included. */
export function readColumns(of: YamlValue | undefined, fields: Field[], faults: Fault[]): Record<string, TaskColumn> {
  const columns = new Map<string, TaskColumn>();
  for (const { options } of fields)
    for (const { sql, label } of options ?? []) {
      const name = sql === undefined ? null : columnOf(sql);
      if (name !== null) columns.set(name, { title: label, personal: false });
    }
  for (const { key, value } of of === undefined ? [] : (entries(of) ?? [])) {
    const { title, type, personal } = readKeys(value, columnShape, `column ${key}`, faults);
    if (title !== undefined) columns.set(key, { title, ...(type === undefined ? {} : { type }), personal: personal ?? false });
  }
  // Without a prototype, a column called `constructor` has no declaration unless one was written.
  return Object.assign(Object.create(null) as Record<string, TaskColumn>, Object.fromEntries(columns));
}

export function readChart(of: YamlValue | undefined, results: Task['results'], faults: Fault[]): Chart | undefined {
  if (of === undefined) return undefined;
  const { kind, x, y, result } = readKeys(of, chartShape, 'chart', faults);
  const names = results.map(({ name }) => name);
  if (result !== undefined && !names.includes(result)) {
    const place = entries(of)?.find(({ key }) => key === 'result')?.value ?? of;
    faults.push(of.source.fault(place.offset, `there is no result "${result}"`, suggest(result, names)));
  }
  return kind === undefined || x === undefined || y === undefined ? undefined : { kind, x, y, ...(result === undefined ? {} : { result }) };
}

/** Columns that the header names and no query mentions. Silent where a query takes columns without naming them. */
export function unknownColumns(places: { columns?: YamlValue; chart?: YamlValue }, steps: Step[], fields: Field[]): Fault[] {
  // A script names its columns in a way of its own.
  if (steps.some(({ isScript }) => isScript === true)) return [];
  const texts = [...steps.flatMap(({ template }) => writtenTexts(template.parts)), ...fields.flatMap(({ options }) => options?.map(({ sql }) => sql ?? '') ?? [])];
  if (texts.some((text) => /(?:\bselect|,|\.|\bdistinct)\s*\*|\bcolumns\s*\(/i.test(text))) return [];
  const words = new Set(texts.flatMap(namesIn));
  const named = [
    ...(places.columns === undefined ? [] : (entries(places.columns) ?? []).map(({ key, keyOffset }) => ({ name: key, offset: keyOffset, source: places.columns?.source }))),
    ...chartColumns(places.chart),
  ];
  return named.flatMap(({ name, offset, source }) =>
    words.has(name) || source === undefined ? [] : [source.fault(offset, `no step returns a column "${name}"`, suggest(name, [...words].filter((word) => identifier.test(word))))],
  );
}

function chartColumns(chart: YamlValue | undefined) {
  if (chart === undefined) return [];
  return (entries(chart) ?? []).flatMap(({ key, value }) => {
    const names = key === 'x' || key === 'y' ? [value.value].flat() : [];
    return names.filter((name): name is string => typeof name === 'string').map((name) => ({ name, offset: value.offset, source: chart.source }));
  });
}

function writtenTexts(parts: Step['template']['parts']): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'text') return [part.text];
    return part.kind === 'optional' || part.kind === 'view' ? writtenTexts(part.parts) : [];
  });
}

function namesIn(text: string): string[] {
  return lex(text).flatMap(({ kind, start, end }) => {
    const written = text.slice(start, end);
    if (kind === 'word') return [written];
    return kind === 'quoted' && /^[`"]/.test(written) ? [written.slice(1, -1)] : [];
  });
}
