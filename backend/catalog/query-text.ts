import { checkTemplate, parseTemplate, withViews, type TemplateFault, type TemplateLanguage, type TemplateScope } from '../template/index.ts';
import type { Excerpt } from './source-text.ts';
import { queryShape } from './shapes.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Template, TemplateQuery } from './task.ts';
import { entries, excerpt, type YamlValue } from './yaml-value.ts';
import { readKeys } from './yaml-shape.ts';

/** What queries may name besides the fields of a form. A view that is `null` has faults of its own. */
export interface Names {
  sources: ReadonlyMap<string, TemplateLanguage>;
  views: ReadonlyMap<string, Template | null>;
}

/** What a query's text may name, and what it is written in. `steps: null` means that none may be read. */
export interface TextScope {
  names: Names;
  steps: string[] | null;
  language?: TemplateLanguage;
}

/** Parses one query, puts views in, and reports every mistake at its place in the file. */
export function readTemplate(from: Excerpt, { names, steps, language }: TextScope, faults: Fault[]): Template {
  const { template, faults: mistakes } = parseTemplate(from.text, language);
  for (const { offset, message, advice } of [...mistakes, ...nameFaults(template, names, steps)]) faults.push(from.source.fault(from.offset(offset), message, advice));
  return withViews(template, (name) => names.views.get(name) ?? undefined);
}

/** The same for fields; apart, because a form is whole only after all its queries are read. */
export function checkFields(template: Template, from: Excerpt, scope: Omit<TemplateScope, 'suggest'>, faults: Fault[]): void {
  for (const { offset, message, advice } of checkTemplate(template, { ...scope, suggest })) faults.push(from.source.fault(from.offset(offset), message, advice));
}

function nameFaults(template: Template, names: Names, steps: string[] | null): TemplateFault[] {
  return tableParts(template.parts).flatMap(({ kind, name, offset }) => {
    if (kind === 'step' && steps === null) return [{ offset, message: `steps.${name} can't be read here`, advice: 'only steps read steps; use a view for what several queries share' }];
    if (kind === 'step') return steps?.includes(name) ? [] : [{ offset, message: `there is no step "${name}"`, advice: suggest(name, steps ?? []) }];
    const view = names.views.get(name);
    if (view === undefined) return [{ offset, message: `there is no view "${name}"`, advice: suggest(name, [...names.views.keys()]) }];
    return view === null ? [{ offset, message: `views.${name} has faults`, advice: `mend views/${name}.sql` }] : [];
  });
}

function tableParts(parts: Template['parts']): (Template['parts'][number] & { kind: 'step' | 'view' })[] {
  return parts.flatMap((part) => {
    if (part.kind === 'optional') return tableParts(part.parts);
    return part.kind === 'step' || part.kind === 'view' ? [part] : [];
  });
}

/** A `{ on, sql }` of a header or field, with where its text stands. */
export interface ReadQuery {
  query: TemplateQuery;
  from: Excerpt;
}

export function readQuery(of: YamlValue, what: string, names: Names, faults: Fault[]): ReadQuery | undefined {
  const { on, sql } = readKeys(of, queryShape, what, faults);
  const pairs = entries(of) ?? [];
  const place = (key: string): YamlValue => pairs.find((pair) => pair.key === key)?.value ?? of;
  if (on !== undefined) checkSource(on, place('on').offset, of.source, names, faults);
  if (on !== undefined && names.sources.has(on) && names.sources.get(on) !== 'sql')
    faults.push(of.source.fault(place('on').offset, `${what} can't be asked on ${on}`, `name a source that understands SQL: ${[...names.sources].filter(([, language]) => language === 'sql').map(([name]) => name).join(', ')}`));
  if (on === undefined || sql === undefined) return undefined;
  const from = excerpt(place('sql'));
  return { query: { on, template: readTemplate(from, { names, steps: null }, faults) }, from };
}

export function checkSource(on: string, offset: number, source: Excerpt['source'], names: Names, faults: Fault[]): void {
  if (!names.sources.has(on)) faults.push(source.fault(offset, `there is no source "${on}"`, suggest(on, [...names.sources.keys()])));
}
