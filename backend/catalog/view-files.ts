import { parseTemplate, withViews } from '../template/index.ts';
import { filesIn, type CatalogFiles } from './catalog-files.ts';
import { cyclesOf } from './cycles.ts';
import { identifier } from './shapes.ts';
import type { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Template } from './task.ts';

/** Text of `views/*.sql` by name, views that they use put in; `null` has faults. */
export function readViews(files: CatalogFiles, faults: Fault[]): Map<string, Template | null> {
  const parsed = new Map<string, { template: Template; source: SourceText; good: boolean }>();
  for (const [name, source] of filesIn(files, 'views', '.sql')) {
    const { template, faults: mistakes } = parseTemplate(source.text);
    const refused = [
      ...(identifier.test(name) ? [] : [{ offset: 0, message: `"${name}" can't be the name of a view`, advice: 'use latin letters, digits and _: it is read as views.NAME' }]),
      ...(source.text.trim() === '' ? [{ offset: 0, message: 'the view is empty', advice: 'write a SELECT' }] : []),
      ...template.fields.map((field) => ({ offset: source.text.indexOf('{{'), message: `a view uses {{${field}}}`, advice: 'views have no fields: filter in the step that reads the view' })),
      ...template.steps.map((step) => ({ offset: source.text.indexOf('steps.'), message: `a view reads steps.${step}`, advice: 'views read tables and other views only' })),
    ];
    const all = [...mistakes, ...refused];
    for (const { offset, message, advice } of all) faults.push(source.fault(offset, message, advice));
    parsed.set(name, { template, source, good: all.length === 0 });
  }
  return linkViews(parsed, faults);
}

function linkViews(parsed: Map<string, { template: Template; source: SourceText; good: boolean }>, faults: Fault[]): Map<string, Template | null> {
  for (const [, { template, source }] of parsed)
    for (const name of template.views) if (!parsed.has(name)) faults.push(source.fault(source.text.indexOf(`views.${name}`), `there is no view "${name}"`, suggest(name, [...parsed.keys()])));
  const cycles = cyclesOf(new Map([...parsed].map(([name, { template }]) => [name, template.views])));
  for (const cycle of cycles) {
    const { source } = parsed.get(cycle[0] ?? '') ?? {};
    if (source !== undefined) faults.push(source.fault(source.text.indexOf(`views.${cycle[1] ?? cycle[0]}`), `views read each other: ${[...cycle, cycle[0]].join(' → ')}`, 'break the circle'));
  }
  const inCycle = new Set(cycles.flat());
  const broken = (name: string): boolean => {
    const view = parsed.get(name);
    return view === undefined || !view.good || inCycle.has(name) || view.template.views.some(broken);
  };
  return new Map([...parsed].map(([name, { template }]) => [name, broken(name) ? null : withViews(template, (other) => parsed.get(other)?.template)]));
}
