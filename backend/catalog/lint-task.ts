import { Problem } from '../../shared/problem.ts';
import type { ColumnType } from '../../shared/result.ts';
import { daysAgainstMoments } from './lint-dates.ts';
import { engineHint, shortWords } from './engine-place.ts';
import { TaskQueries, type EngineColumn, type LintEngine } from './lint-queries.ts';
import { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, Field, Step, Task, Template, TemplateQuery } from './task.ts';

/** What only the engine can tell about a task. `files` are its own and those that may hold its shared fields. */
export async function lintTask(task: Task, files: SourceText[], engine: LintEngine): Promise<Fault[]> {
  const [own] = files;
  if (own === undefined) return [];
  const queries = new TaskQueries(task, engine);
  const faults: Fault[] = [];
  for (const step of task.steps) faults.push(...(await stepFaults(task, step, files, queries)));
  for (const field of task.fields) faults.push(...(await fieldFaults(field, files, queries)));
  if (task.fresh !== undefined) {
    const answer = await queries.columns(task.fresh.on, task.fresh.template);
    if (answer instanceof Problem) faults.push(engineFault(placeIn(task.fresh.template, files, { problem: answer, queries, otherwise: placeOf(task.fresh.template, files) }), 'fresh', answer));
  }
  return [...faults, ...(await resultFaults(task, own, queries))];
}

interface Place {
  source: SourceText;
  offset: number;
}

function faultAt({ source, offset }: Place, message: string, advice: string): Fault {
  return source.fault(offset, message, advice);
}

function engineFault(place: Place, what: string, problem: Problem): Fault {
  const { code, message, forAuthor } = problem;
  const words = forAuthor ?? shortWords(message);
  if (code === 'source_unreachable') return { ...faultAt(place, `${what} was not checked: ${words}`, 'check the connection and lint again'), warning: true };
  return faultAt(place, `${what}: ${words}`, engineHint(problem) ?? 'try the query in the engine with values of your own');
}

/** The exact place of the engine's complaint where the text stands in the file as it is, else where the query begins. */
function placeIn(template: Template, files: SourceText[], { problem, queries, otherwise, from = 0 }: { problem: Problem; queries: TaskQueries; otherwise: Place; from?: number }): Place {
  const within = queries.placeOf(problem);
  const [source, offset] = within === undefined ? [undefined, -1] : (files.map((file) => [file, file.text.indexOf(template.source, file === otherwise.source ? from : 0)] as const).find(([, at]) => at >= 0) ?? [undefined, -1]);
  return source === undefined || within === undefined ? otherwise : { source, offset: offset + within };
}

/** Where a query is written: by its first line, since a task keeps no places. */
function placeOf({ source }: Template, files: SourceText[]): Place {
  const first = source.trim().split('\n')[0] ?? '';
  const found = files.map((file) => ({ source: file, offset: file.text.indexOf(first) })).find(({ offset }) => offset >= 0);
  return found ?? { source: files[0] ?? new SourceText('', ''), offset: 0 };
}

async function stepFaults(task: Task, step: Step, files: SourceText[], queries: TaskQueries): Promise<Fault[]> {
  const source = files[0] ?? new SourceText('', '');
  const marker = { source, offset: lineOffset(source, step.line) };
  // What a script returns shows only when it is run.
  if (step.isScript === true) return [];
  const placed = (problem: Problem): Place => placeIn(step.template, files, { problem, queries, otherwise: marker, from: marker.offset });
  const filled = await queries.step(step.name);
  if (filled instanceof Problem) return [engineFault(placed(filled), `step ${step.name}`, filled)];
  const fewest = await queries.columnsWithFewest(step.on, step.template);
  const faults = fewest instanceof Problem ? [engineFault(placed(fewest), `step ${step.name}, with everything optional left empty`, fewest)] : [];
  const bodyStart = source.text.indexOf(step.template.source, marker.offset);
  for (const { offset, message, advice } of filled === null ? [] : await daysAgainstMoments(step, task.fields, queries))
    faults.push({ ...faultAt({ source, offset: bodyStart < 0 ? marker.offset : bodyStart + offset }, message, advice), warning: true });
  return faults;
}

async function fieldFaults(field: Field, files: SourceText[], queries: TaskQueries): Promise<Fault[]> {
  const { name, optionsQuery, known, defaultQuery } = field;
  const faults: Fault[] = [];
  const ask = async (query: TemplateQuery | undefined, what: string, check: (columns: EngineColumn[]) => [string, string] | null): Promise<void> => {
    if (query === undefined) return;
    const answer = await queries.columns(query.on, query.template);
    const place = placeOf(query.template, files);
    if (answer instanceof Problem) faults.push(engineFault(placeIn(query.template, files, { problem: answer, queries, otherwise: place }), `${what} of ${name}`, answer));
    const wrong = answer === null || answer instanceof Problem ? null : check(answer);
    if (wrong !== null) faults.push(faultAt(place, ...wrong));
  };
  await ask(optionsQuery, 'options', (columns) => {
    const missing = ['value', 'label'].find((wanted) => !columns.some((column) => column.name === wanted));
    if (missing !== undefined) return [`options of ${name} have no column ${missing}`, 'write SELECT … AS value, … AS label (and … AS hint, if it helps)'];
    return scalarFault(field, columns.find((column) => column.name === 'value'));
  });
  await ask(known, 'known', ([first]) => scalarFault(field, first));
  await ask(defaultQuery, 'default', () => null);
  return faults;
}

/** The type as which values are bound must be that of the column that they come from. */
function scalarFault({ name, settings }: Field, column: EngineColumn | undefined): [string, string] | null {
  if (column === undefined) return null;
  const type = plainType(column.engineType);
  const fitting = /^U?Int/.test(type) ? 'integer' : /^Decimal/.test(type) ? 'decimal' : /^Date(32)?$/.test(type) ? 'date' : 'string';
  const scalar = String(settings.scalar ?? 'string');
  return fitting === scalar ? null : [`values of ${name} are ${column.engineType} in the query and bound as ${scalar}`, `add scalar: ${fitting} to the field, or convert the column`];
}

function plainType(engineType: string): string {
  const wrapped = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(engineType)?.[1];
  return wrapped === undefined ? engineType : plainType(wrapped);
}

async function resultFaults(task: Task, source: SourceText, queries: TaskQueries): Promise<Fault[]> {
  const returned = new Map<string, EngineColumn[]>();
  for (const { name, step } of task.results) {
    const columns = await queries.step(step);
    if (columns === null || columns instanceof Problem) return [];
    returned.set(name, columns);
  }
  const all = [...returned.values()].flat();
  const names = all.map(({ name }) => name);
  const section = (key: string): Place => ({ source, offset: Math.max(0, source.text.search(new RegExp(`^${key}:`, 'm'))) });
  const header = section('columns');
  const written = Object.keys(task.columns).filter((name) => source.text.includes(name, header.offset));
  const place = (name: string): Place => ({ source, offset: Math.max(header.offset, source.text.indexOf(name, header.offset)) });
  const missing = written.filter((name) => !names.includes(name)).map((name) => faultAt(place(name), `no result has the column "${name}"`, suggest(name, names)));
  const untitled = task.results.flatMap(({ name: result, step }) =>
    (returned.get(result) ?? [])
      .filter(({ name }) => !Object.hasOwn(task.columns, name))
      .map(({ name }) => ({ ...source.fault(lineOffset(source, lineOf(task, step)), `column "${name}" has no title`, `add it to columns: ${name}: { title: { ru: …, en: … } }`), warning: true })),
  );
  const mistyped = all.flatMap(({ name, engineType }) => {
    const type = Object.hasOwn(task.columns, name) ? task.columns[name]?.type : undefined;
    return type === undefined || shows(type, plainType(engineType)) ? [] : [{ ...faultAt(place(name), `column "${name}" is ${engineType}, which is not shown as ${type}`, 'convert it in the query or change its type'), warning: true }];
  });
  return [...missing, ...untitled, ...mistyped, ...chartFaults(task, returned, section('chart'))];
}

function lineOf(task: Task, step: string): number {
  return task.steps.find(({ name }) => name === step)?.line ?? 1;
}

function lineOffset({ text }: SourceText, line: number): number {
  return line === 1 ? 0 : text.split('\n').slice(0, line - 1).join('\n').length + 1;
}

function chartFaults({ chart, results }: Task, returned: Map<string, EngineColumn[]>, place: Place): Fault[] {
  if (chart === undefined) return [];
  const names = returned.get(chart.result ?? results[0]?.name ?? '')?.map(({ name }) => name) ?? [];
  return [chart.x, ...chart.y].filter((name) => !names.includes(name)).map((name) => faultAt(place, `chart: its result has no column "${name}"`, suggest(name, names)));
}

/** Whether values of an engine type can be shown as a declared type. */
function shows(type: ColumnType, engineType: string): boolean {
  const isWhole = /^U?Int/.test(engineType);
  switch (type) {
    case 'text':
    case 'code':
    case 'link':
      return true;
    case 'integer':
      return isWhole;
    case 'decimal':
    case 'percent':
    case 'money':
      return isWhole || /^(Decimal|B?Float)/.test(engineType);
    case 'date':
    case 'datetime':
      return /^Date/.test(engineType);
    case 'flag':
      return /^(Bool|UInt8)$/.test(engineType);
  }
}
