import { posix } from 'node:path';
import { cyclesOf } from './cycles.ts';
import type { Form } from './form.ts';
import { checkFields, checkSource, readTemplate, type Names } from './query-text.ts';
import type { Excerpt, SourceText } from './source-text.ts';
import { readCasts, readKeep, readReads } from './step-clauses.ts';
import type { TemplateLanguage } from '../template/index.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Step } from './task.ts';
import type { WrittenStep } from './task-text.ts';

export interface StepParts {
  source: SourceText;
  form: Form;
  names: Names;
  /** Every text of the catalog, for steps whose body is a file. */
  texts: ReadonlyMap<string, SourceText>;
  faults: Fault[];
}

export interface ReadSteps {
  steps: Step[];
  /** Files that hold the bodies of steps. */
  bodies: string[];
}

/** Parses and checks the steps of a task against its form, its sources and each other. */
export function readSteps(written: WrittenStep[], parts: StepParts): ReadSteps {
  const known = written.map(({ name }) => name);
  const bodies: string[] = [];
  const steps = written.map((step, order): Step => {
    const { name, on, line } = step;
    const language = readLanguage(step, parts);
    const body = step.body ?? bodyFile(step, parts, bodies);
    const template = readTemplate(body, { names: parts.names, steps: known, language }, parts.faults);
    checkFields(template, body, { fields: parts.form.fields, search: false, refuseEmpty: true, tables: true }, parts.faults);
    const above = known.slice(0, order);
    const after = language === 'script' ? readReads(step.reads, above, parts) : template.steps.filter((other) => other !== name && known.includes(other));
    if (language !== 'script' && step.reads !== undefined) parts.faults.push(parts.source.fault(step.reads.offset, `"reads" of a step on ${on}`, `read them in the query: FROM steps.${step.reads.text.split(/[\s,]+/)[0] ?? 'NAME'}`));
    const casts = readCasts(step.casts, parts);
    const keepSeconds = readKeep(step.keep, parts);
    return { name, on, ...(language === 'script' ? { isScript: true } : {}), template, after, ...(casts === undefined ? {} : { casts }), ...(keepSeconds === undefined ? {} : { keepSeconds }), line };
  });
  refuseCycles(written, steps, parts);
  warnOfIdleKeep(written, steps, parts);
  return { steps, bodies };
}

/** What the step is written in. A program waits for its interpreter: without one the task stays in use and fails when it is run. */
function readLanguage({ on, onOffset, isScript }: WrittenStep, { source, names, faults }: StepParts): TemplateLanguage {
  const language = names.sources.get(on);
  if (isScript && language === undefined) {
    const known = [...names.sources].filter(([, one]) => one === 'script').map(([name]) => name);
    const advice = known.length > 0 ? suggest(on, known) : `the operator sets TASKSHEET_SCRIPTS=${on}=/path/to/${on}`;
    faults.push({ ...source.fault(onOffset, known.length > 0 ? `there is no interpreter "${on}"` : 'scripts are switched off here, so this step cannot run', advice), warning: true });
    return 'script';
  }
  if (isScript && language !== 'script') faults.push(source.fault(onOffset, `${on} runs no scripts`, `write -- step NAME on ${on}`));
  checkSource(on, onOffset, source, names, faults);
  return language ?? 'sql';
}

/** A kept table is used again only where what it was made from is the same, which is known of kept steps alone. */
function warnOfIdleKeep(written: WrittenStep[], steps: Step[], { source, faults }: StepParts): void {
  for (const { name, after, keepSeconds } of steps) {
    const fresh = keepSeconds === undefined ? undefined : after.find((other) => steps.some((step) => step.name === other && step.keepSeconds === undefined));
    const place = written.find((step) => step.name === name)?.keep;
    if (fresh !== undefined && place !== undefined) faults.push({ ...source.fault(place.offset, `step ${name} is never used again: it reads ${fresh}, which is made anew each time`, `give ${fresh} a keep too, or remove this one`), warning: true });
  }
}

function bodyFile({ from }: WrittenStep, { source, texts, faults }: StepParts, bodies: string[]): Excerpt {
  const nothing: Excerpt = { source, text: '', offset: () => from?.offset ?? 0 };
  if (from === undefined) return nothing;
  const path = posix.join('tasks', from.path);
  const found = path.startsWith('tasks/') ? texts.get(path) : undefined;
  if (found === undefined) {
    const others = [...texts.keys()].filter((other) => /^tasks\/.+\//.test(other)).map((other) => other.slice('tasks/'.length));
    faults.push(source.fault(from.offset, `there is no file ${from.path} inside tasks/`, suggest(from.path, others)));
    return nothing;
  }
  bodies.push(path);
  return { source: found, text: found.text, offset: (at) => at };
}

function refuseCycles(written: WrittenStep[], steps: Step[], { source, faults }: StepParts): void {
  const needs = new Map(steps.map(({ name, template, after }) => [name, [...new Set([...template.steps, ...after])]]));
  for (const cycle of cyclesOf(needs)) {
    const place = written.find(({ name }) => name === cycle[0]);
    faults.push(source.fault(place?.nameOffset ?? 0, `steps read each other: ${[...cycle, cycle[0]].join(' → ')}`, 'break the circle: a step can read only what is ready before it'));
  }
}

/** Steps whose table nobody sees: not an error, but surely not meant. */
export function idleSteps(written: WrittenStep[], steps: Step[], shown: string[], source: SourceText): Fault[] {
  const read = new Set([...shown, ...steps.flatMap(({ after }) => after)]);
  return written
    .filter(({ name }) => !read.has(name))
    .map(({ name, nameOffset }) => ({ ...source.fault(nameOffset, `nothing reads step ${name}`, `read it as steps.${name}, name it in results, or remove it`), warning: true }));
}
