import { createHash } from 'node:crypto';
import { sameText, type LocalText } from '../../shared/language.ts';
import { checkFileName } from './file-name-pattern.ts';
import { readForm, type Form, type SharedFields } from './form.ts';
import { checkFields, readQuery, type Names } from './query-text.ts';
import { headerShape, limitsShape, taskId } from './shapes.ts';
import type { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { CatalogKind, ReadSection } from './kind.ts';
import type { Fault, Field, Metric, Step, Task, TaskLimits, TemplateQuery } from './task.ts';
import { readExamples } from './task-examples.ts';
import { readChart, readColumns, readResults, unknownColumns } from './task-results.ts';
import { idleSteps, readSteps } from './task-steps.ts';
import { readTaskText } from './task-text.ts';
import { entries, readYaml, type YamlEntry, type YamlValue } from './yaml-value.ts';
import { readEntries, readKeys, type Read } from './yaml-shape.ts';

/** What a task is checked against. */
export interface TaskParts {
  texts: ReadonlyMap<string, SourceText>;
  names: Names;
  shared: SharedFields;
  /** Titles of groups; absent when there is no groups.yaml. */
  groups: ReadonlyMap<string, LocalText> | undefined;
  taskIds: string[];
  limits: TaskLimits;
  metrics: ReadonlyMap<string, Metric | null>;
  kinds: CatalogKind[];
}

export interface CompiledTask {
  id: string;
  /** Absent when there are faults other than warnings. */
  task?: Task;
  faults: Fault[];
  /** Former ids as written, also of a task with faults. */
  formerIds: string[];
  /** Files other than its own that it was made from. */
  uses: string[];
}

type Header = Read<typeof headerShape>;
type Sections = Partial<Record<keyof typeof headerShape, YamlValue>>;

interface ReadHeader {
  header: Header;
  sections: Sections;
  /** What only some kinds have, by the kind's name. */
  kindSections: Record<string, YamlValue>;
  /** Whether it is not YAML at all. */
  isBroken: boolean;
}

/** Reads and checks one task file whole. Reports every mistake; never throws. */
export function compileTask(source: SourceText, parts: TaskParts): CompiledTask {
  const faults: Fault[] = [];
  const id = source.file.slice('tasks/'.length, -'.sql'.length);
  if (!taskId.test(id)) faults.push(source.fault(0, `"${id}" can't be the id of a task`, 'name the file with small latin letters, digits and dashes: partner-cards.sql'));
  const text = readTaskText(source, faults);
  const { header, sections, kindSections, isBroken } = readHeader(source, text.header, parts.kinds, faults);
  // Without its header everything else would be wrong too, and say nothing new.
  if (isBroken) return { id, faults, formerIds: [], uses: text.steps.flatMap(({ from }) => (from === undefined ? [] : [`tasks/${from.path}`])) };
  checkHeader(id, header, sections, parts, faults);
  const form = readForm(sections.form, { shared: parts.shared, names: parts.names, faults });
  const { steps, bodies } = readSteps(text.steps, { source, form, names: parts.names, texts: parts.texts, faults });
  const kind = readKind(header.kind ?? 'query', kindSections, { source, sections, form, steps, parts, faults });
  const fields = [...form.fields.values(), ...kind.fields].filter((field) => field !== null);
  const title = header.title ?? sameText(id);
  const isQuery = (header.kind ?? 'query') === 'query';
  const results = isQuery || sections.results !== undefined ? readResults(sections.results, steps.map(({ name }) => name), title, faults) : [];
  const columns = readColumns(sections.columns, fields, faults);
  const chart = readChart(sections.chart, results, faults);
  const fresh = readFresh(sections.fresh, form, parts.names, faults);
  const examples = readExamples(sections.examples, form.fields, faults);
  const limits = readLimits(sections.limits, parts.limits, faults);
  if (faults.length === 0) faults.push(...unknownColumns(sections, steps, fields), ...idleSteps(text.steps, steps, [...results.map(({ step }) => step), ...(isQuery ? [] : [steps.at(-1)?.name ?? '', ...(kind.steps ?? [])])], source));
  const templates = [...steps.map(({ template }) => template), ...fields.flatMap(queriesOf).map(({ template }) => template), ...(fresh === undefined ? [] : [fresh.template])];
  const uses = [...form.shared.map((name) => `fields/${name}.yaml`), ...templates.flatMap(({ views }) => views).map((name) => `views/${name}.sql`), ...bodies, ...kind.uses];
  const outcome = { id, faults, formerIds: header.was ?? [], uses };
  const { description, group, owner, status, testers, replacedBy, saves } = header;
  if (faults.some(({ warning }) => warning !== true) || description === undefined || group === undefined || owner === undefined || status === undefined) return outcome;
  const task: Task = {
    id,
    kind: header.kind ?? 'query',
    section: kind.section,
    version: versionOf(source, uses, parts.texts),
    formerIds: header.was ?? [],
    title,
    description,
    group,
    groupTitle: parts.groups?.get(group) ?? sameText(group),
    owner,
    status,
    ...(testers === undefined ? {} : { testers }),
    ...(replacedBy === undefined ? {} : { replacedBy }),
    fileName: header.file === undefined ? title : typeof header.file === 'string' ? sameText(header.file) : header.file,
    fields,
    steps,
    columns,
    results,
    ...(fresh === undefined ? {} : { fresh }),
    needsComplete: header.needs === 'complete',
    ...(chart === undefined ? {} : { chart }),
    limits,
    examples,
    changes: header.changes ?? [],
    ...(saves === undefined ? {} : { saves }),
  };
  return { ...outcome, task };
}

function readHeader(source: SourceText, place: { start: number; end: number } | undefined, kinds: CatalogKind[], faults: Fault[]): ReadHeader {
  const nothing: ReadHeader = { header: {}, sections: {}, kindSections: {}, isBroken: false };
  if (place === undefined) return nothing;
  const { root, faults: found } = readYaml(source, place.start, place.end);
  faults.push(...found);
  if (root === undefined) return { ...nothing, isBroken: true };
  const isKind = ({ key }: { key: string }): boolean => kinds.some(({ kind }) => kind === key);
  const pairs = entries(root);
  const header = pairs === null ? readKeys(root, headerShape, 'the header', faults) : readEntries(pairs.filter((pair) => !isKind(pair)), root, { shape: headerShape, what: 'the header', faults });
  const filled = (pairs ?? []).filter(({ value }) => value.value !== null);
  const named = (some: YamlEntry[]) => Object.fromEntries(some.map(({ key, value }) => [key, value]));
  return { header, sections: named(filled.filter(({ key }) => key in headerShape)), kindSections: named(filled.filter(isKind)), isBroken: false };
}

interface KindPlace {
  source: SourceText;
  sections: Sections;
  form: Form;
  steps: Step[];
  parts: TaskParts;
  faults: Fault[];
}

function readKind(name: string, kindSections: Record<string, YamlValue>, { source, sections, form, steps, parts, faults }: KindPlace): ReadSection {
  const nothing: ReadSection = { section: null, fields: [], uses: [] };
  const known = ['query', ...parts.kinds.map(({ kind }) => kind)];
  const place = sections.kind;
  if (!known.includes(name) && place !== undefined) faults.push(source.fault(place.offset, `kind is "${name}"`, suggest(name, known)));
  for (const [key, { offset }] of Object.entries(kindSections))
    if (key !== name) faults.push(source.fault(offset, `a section "${key}" in a task of kind ${name}`, `write kind: ${key}, or remove the section`));
  const kind = parts.kinds.find((one) => one.kind === name);
  if (kind === undefined) return nothing;
  const read = kind.read(kindSections[name], { source, form, names: parts.names, steps, metrics: parts.metrics, faults });
  const taken = read.fields.find((field) => form.fields.has(field.name));
  if (taken !== undefined) faults.push(source.fault(sections.form?.offset ?? 0, `the form has a field "${taken.name}", which every task of kind ${name} has by itself`, 'give yours another name'));
  return read;
}

function checkHeader(id: string, header: Header, sections: Sections, parts: TaskParts, faults: Fault[]): void {
  const fault = (key: keyof Sections, message: string, advice: string): void => {
    const place = sections[key];
    if (place !== undefined) faults.push(place.source.fault(place.offset, message, advice));
  };
  const { group, status, replacedBy, file } = header;
  if (group !== undefined && parts.groups !== undefined && !parts.groups.has(group)) fault('group', `there is no group "${group}"`, `${suggest(group, [...parts.groups.keys()])}, or add it to groups.yaml`);
  if (replacedBy !== undefined && status !== undefined && status !== 'retired') fault('replacedBy', `replacedBy of a task that is ${status}`, 'set status: retired, or remove it');
  if (replacedBy !== undefined && (replacedBy === id || !parts.taskIds.includes(replacedBy)))
    fault('replacedBy', `there is no other task "${replacedBy}"`, suggest(replacedBy, parts.taskIds.filter((other) => other !== id)));
  const form = sections.form === undefined ? [] : (entries(sections.form) ?? []);
  if (file !== undefined && sections.file !== undefined) checkFileName(sections.file, form.map(({ key }) => key), faults);
}

/** Freshness is asked when a form opens, so a field may only narrow it, in `[[ … ]]`. */
function readFresh(of: YamlValue | undefined, form: Form, names: Names, faults: Fault[]): TemplateQuery | undefined {
  if (of === undefined) return undefined;
  const read = readQuery(of, 'fresh', names, faults);
  const stillEmpty = new Map([...form.fields].map(([name, field]) => [name, field === null ? null : { ...field, required: false }]));
  if (read !== undefined) checkFields(read.query.template, read.from, { fields: stillEmpty, search: false, refuseEmpty: true }, faults);
  return read?.query;
}

function readLimits(of: YamlValue | undefined, defaults: TaskLimits, faults: Fault[]): TaskLimits {
  const { time, rows, memory } = of === undefined ? {} : readKeys(of, limitsShape, 'limits', faults);
  return { timeSeconds: time ?? defaults.timeSeconds, rows: rows ?? defaults.rows, memoryBytes: memory ?? defaults.memoryBytes };
}

function queriesOf({ optionsQuery, known, defaultQuery }: Field): TemplateQuery[] {
  return [optionsQuery, known, defaultQuery].filter((query) => query !== undefined);
}

/** Changes whenever anything that the task is made from does; the same on every machine. */
function versionOf(source: SourceText, uses: string[], texts: TaskParts['texts']): string {
  const hash = createHash('sha256');
  for (const path of [source.file, ...[...new Set(uses)].sort()]) hash.update(JSON.stringify([path, texts.get(path)?.text ?? '']));
  return hash.digest('hex').slice(0, 12);
}
