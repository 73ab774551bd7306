import { lex } from '../template/index.ts';
import { identifier } from './shapes.ts';
import type { Excerpt, SourceText } from './source-text.ts';
import type { Fault } from './task.ts';

/** One step as written. `body` is `null` when it stands in a file of its own. */
export interface WrittenStep {
  name: string;
  nameOffset: number;
  on: string;
  onOffset: number;
  /** Whether the marker says `with`: the body is a program, not a query. */
  isScript: boolean;
  line: number;
  body: Excerpt | null;
  from?: { path: string; offset: number };
  casts?: { text: string; offset: number };
  keep?: { text: string; offset: number };
  /** Steps that a script is given, as named in the marker; all above it when absent. */
  reads?: { text: string; offset: number };
}

export interface TaskText {
  /** Where the YAML of the header begins and ends; absent when there is no header. */
  header?: { start: number; end: number };
  steps: WrittenStep[];
}

const marker = /^[ \t]*--[ \t]*step\b.*$/gim;
const wellFormed =
  /^(?<lead>[ \t]*--[ \t]*step[ \t]+)(?<name>[^\s()]+)(?<middle>[ \t]+(?:on|(?<with>with))[ \t]+)(?<on>[^\s()]+)(?:[ \t]+from[ \t]+(?<path>\S+))?(?:[ \t]+reads[ \t]+(?<reads>[\w, \t]+?))?(?:[ \t]+keep[ \t]+(?<keep>[^\s()]+))?[ \t]*(?<casts>\([^)]*\))?[ \t]*$/di;
const markerAdvice = 'write -- step NAME on SOURCE on a line of its own';

/** Cuts a task file into its header and steps. */
export function readTaskText(source: SourceText, faults: Fault[]): TaskText {
  const { text } = source;
  const fault = (offset: number, message: string, advice: string): void => {
    faults.push(source.fault(offset, message, advice));
  };
  const opening = /^\s*\/\*/.exec(text);
  if (opening === null) fault(0, 'the file does not begin with a header', 'begin with /*, then title, description, form and the rest, then */');
  const markers = [...text.matchAll(marker)].filter(({ index }) => index >= (opening === null ? 0 : headerEnd(text, opening[0].length)));
  const header = opening === null ? undefined : findHeader(text, opening[0].length, markers[0]?.index ?? text.length, fault);
  const bodyStart = header === undefined ? 0 : Math.min(text.length, header.end + 2);
  const lead = text.slice(bodyStart, markers[0]?.index ?? text.length);
  const stray = header === undefined ? undefined : firstCode(lead);
  if (stray !== undefined) fault(bodyStart + stray, 'text between the header and the first step', markerAdvice);
  if (markers.length === 0) fault(text.length === 0 ? 0 : text.trimEnd().length - 1, 'the task has no steps', markerAdvice);
  const steps = markers.flatMap(({ index, 0: line }, order) => {
    const end = markers[order + 1]?.index ?? text.length;
    return readMarker(source, { offset: index, line, end }, fault) ?? [];
  });
  const names = new Set<string>();
  for (const { name, nameOffset } of steps) {
    if (names.has(name)) fault(nameOffset, `there are two steps "${name}"`, 'give each step its own name');
    names.add(name);
  }
  return { header, steps };
}

/** The header ends at the first `*\/` that ends a line; comments inside a query of the header would end it too soon. */
function headerEnd(text: string, start: number): number {
  const end = text.indexOf('*/', start);
  return end === -1 ? text.length : end;
}

type AddFault = (offset: number, message: string, advice: string) => void;

function findHeader(text: string, start: number, firstStep: number, fault: AddFault): { start: number; end: number } {
  const first = text.indexOf('*/', start);
  if (first === -1) {
    fault(text.indexOf('/*'), 'the header is never closed', 'end it with */ on a line of its own');
    return { start, end: text.length };
  }
  const last = text.lastIndexOf('*/', firstStep);
  const isAlone = (at: number): boolean => /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
  if (last <= first || isAlone(first) || !isAlone(last)) return { start, end: first };
  for (let at = first; at !== -1 && at < last; at = text.indexOf('*/', at + 2))
    fault(at, '*/ ends the header here', 'remove the comment: inside a header */ can stand only at the very end');
  return { start, end: last };
}

/** Where text begins that is neither blank nor a comment. */
function firstCode(text: string): number | undefined {
  return lex(text).find(({ kind }) => kind !== 'space' && kind !== 'comment')?.start;
}

function readMarker(source: SourceText, { offset, line, end }: { offset: number; line: string; end: number }, fault: AddFault): WrittenStep | undefined {
  const found = wellFormed.exec(line);
  const { name = '', on = '', path } = found?.groups ?? {};
  if (found === null || name === '') {
    fault(offset + line.search(/\S/), 'this line does not begin a step', markerAdvice);
    return undefined;
  }
  const at = (group: string): number => offset + (found.indices?.groups?.[group]?.[0] ?? 0);
  const clause = (group: 'casts' | 'keep' | 'reads') => {
    const written = found.groups?.[group];
    return written === undefined ? {} : { [group]: { text: written, offset: at(group) } };
  };
  const nameOffset = at('name');
  if (!identifier.test(name)) fault(nameOffset, `"${name}" can't be the name of a step`, 'use latin letters, digits and _: later steps read it as steps.NAME');
  const bodyStart = offset + line.length;
  const text = source.text.slice(bodyStart, end);
  const step = { name, nameOffset, on, onOffset: at('on'), isScript: found.groups?.['with'] !== undefined, line: source.place(offset).line, ...clause('casts'), ...clause('keep'), ...clause('reads') };
  const code = firstCode(text);
  if (path !== undefined) {
    if (code !== undefined) fault(bodyStart + code, `step ${name} has a body and a file`, `move this into ${path}, or drop "from ${path}"`);
    return { ...step, body: null, from: { path, offset: at('path') } };
  }
  if (code === undefined) fault(nameOffset, `step ${name} is empty`, 'write its query on the lines after it');
  return { ...step, body: { source, text, offset: (at) => bodyStart + at } };
}
