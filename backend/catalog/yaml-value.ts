import { isMap, isScalar, isSeq, parseDocument, Scalar, visit, type Document, type Node } from 'yaml';
import type { SourceText, Excerpt } from './source-text.ts';
import type { Fault } from './task.ts';

/** A value of a YAML file that knows its place. `value` is plain JSON. */
export interface YamlValue {
  source: SourceText;
  /** Where the YAML begins in the file. */
  base: number;
  node: Node | null;
  readonly value: unknown;
  /** Place of the value in the file; of its key when it has none. */
  offset: number;
}

export interface YamlEntry {
  key: string;
  keyOffset: number;
  value: YamlValue;
}

export interface YamlFile {
  /** `undefined` when the text is not YAML at all. */
  root: YamlValue | undefined;
  faults: Fault[];
}

/** Deeper than any catalog file; the parser itself would run out of stack far below that. */
const deepest = 50;

/**
 * Reads the YAML that stands in `source` between two offsets. Anchors and aliases are refused, so a small file can't
 * unfold into a large one; equal keys, tags and numbers that would lose digits are faults.
 */
export function readYaml(source: SourceText, base = 0, end = source.text.length): YamlFile {
  const text = source.text.slice(base, end);
  const tooDeep = depthFault(text);
  if (tooDeep !== null) return { root: undefined, faults: [source.fault(base + tooDeep, 'nested too deeply', `at most ${deepest} levels`)] };
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, prettyErrors: false, uniqueKeys: true, stringKeys: false });
  const syntax = firstOfEach([...document.errors, ...document.warnings]).map(({ pos, message, code }) => {
    const offset = base + Math.min(pos[0], text.length);
    return source.fault(offset, plainMessage(message), syntaxAdvice(code, lineAt(text, pos[0])));
  });
  const faults = [...syntax, ...contentFaults(document, source, base)];
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY') || faults.some(({ message }) => message.includes('alias'))) return { root: undefined, faults };
  return { root: wrap({ source, base }, document.contents, base), faults };
}

/** One missing comma makes the parser stumble many times: after the first mistake the others are its echo. Equal keys are mistakes of their own. */
function firstOfEach<One extends { code: string; pos: [number, number] }>(found: One[]): One[] {
  const others = found.filter(({ code }) => code !== 'DUPLICATE_KEY').sort((one, other) => one.pos[0] - other.pos[0]);
  return [...found.filter(({ code }) => code === 'DUPLICATE_KEY' && others.length === 0), ...others.slice(0, 1)];
}

function plainMessage(message: string): string {
  return message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '').replace(/^Map keys must be unique$/, 'this key is there twice');
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? undefined : end);
}

function syntaxAdvice(code: string, line: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of them';
  if (/\{\{/.test(line)) return 'put text that holds {{ }} into quotes, or after "sql: |" on lines of its own';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (/:\s[^"'[{|>].*:\s/.test(line)) return 'put text that holds ": " into quotes';
  return 'check quotes, brackets and indentation here; text with : { } [ ] # goes into quotes';
}

/** Where brackets or indentation go too deep, without parsing. */
function depthFault(text: string): number | null {
  let flow = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '[' || character === '{') flow += 1;
    if (character === ']' || character === '}') flow = Math.max(0, flow - 1);
    if (character === '\n' && text.charAt(at + 1) !== ' ') flow = 0;
    if (flow > deepest) return at;
  }
  const steep = /^(?:[-?:] ){50}/m.exec(text) ?? /^ {400}\S/m.exec(text);
  return steep?.index ?? null;
}

function contentFaults(document: Document.Parsed, source: SourceText, base: number): Fault[] {
  const faults: Fault[] = [];
  const add = (node: { range?: [number, number, number] | null }, message: string, advice: string): void => {
    faults.push(source.fault(base + (node.range?.[0] ?? 0), message, advice));
  };
  visit(document, {
    Alias: (_, node) => add(node, 'an alias (*name)', 'write the value out; what several tasks share goes into fields/ or views/'),
    Node: (_, node) => {
      if ('anchor' in node && node.anchor) add(node, 'an anchor (&name) of an alias', 'remove it; what several tasks share goes into fields/ or views/');
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) || pair.key === null) return;
      add(pair.key as Node, 'a key that is not a word', 'put text that begins with { or [ into quotes');
    },
    Scalar: (_, node) => {
      const written = typeof node.source === 'string' ? node.source : '';
      if (typeof node.value !== 'number' || node.type !== Scalar.PLAIN || !losesDigits(written, node.value)) return;
      add(node, `the number ${written} would change to ${node.value}`, `put it into quotes: "${written}"`);
    },
  });
  return faults;
}

function losesDigits(written: string, value: number): boolean {
  return /^[-+]?0\d/.test(written) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

function wrap({ source, base }: Pick<YamlValue, 'source' | 'base'>, node: Node | null, fallback: number): YamlValue {
  let unfolded: { value: unknown } | undefined;
  return {
    source,
    base,
    node,
    offset: node?.range ? base + node.range[0] : fallback,
    get value() {
      unfolded ??= { value: plain(node) };
      return unfolded.value;
    },
  };
}

/** Stands for what a mapping lacks: reported where the mapping is. */
export function absent({ source, base, offset }: YamlValue): YamlValue {
  return { source, base, node: null, value: undefined, offset };
}

/** JSON of a node. Entries are defined, not assigned, so a key `__proto__` is only a key. */
function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [keyText(key), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  return isScalar(node) ? node.value : null;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

/** Entries of a mapping, in the order of the file; `null` when the value is none. */
export function entries(of: YamlValue): YamlEntry[] | null {
  if (!isMap(of.node)) return null;
  return of.node.items.map(({ key, value }) => {
    const keyNode = key as Node | null;
    const keyOffset = of.base + (keyNode?.range?.[0] ?? 0);
    return { key: keyText(key), keyOffset, value: wrap(of, value as Node | null, keyOffset) };
  });
}

export function items(of: YamlValue): YamlValue[] | null {
  return isSeq(of.node) ? of.node.items.map((item) => wrap(of, item as Node | null, of.offset)) : null;
}

/** The value at a path; where the path leads nowhere, the nearest one above. */
export function at(of: YamlValue, path: PropertyKey[]): YamlValue {
  const [first, ...rest] = path;
  if (first === undefined) return of;
  const next = typeof first === 'number' ? items(of)?.[first] : entries(of)?.find(({ key }) => key === first)?.value;
  return next === undefined ? of : at(next, rest);
}

/** The text of a scalar with the place of each of its characters. */
export function excerpt(of: YamlValue): Excerpt {
  const text = typeof of.value === 'string' ? of.value : '';
  const { node, source, base } = of;
  if (!isScalar(node) || !node.range) return { source, text, offset: () => of.offset };
  const written = source.text.slice(base + node.range[0], base + node.range[1]);
  const offsets = align(text, written, node.type ?? Scalar.PLAIN);
  return { source, text, offset: (index) => of.offset + (offsets[Math.min(index, offsets.length - 1)] ?? 0) };
}

/** Walks both texts at once: YAML only folds or drops white space and writes some characters as escapes. */
function align(text: string, written: string, type: string): number[] {
  const offsets: number[] = [];
  const isBlock = type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED;
  let position = isBlock ? written.indexOf('\n') + 1 : type === Scalar.PLAIN ? 0 : 1;
  for (const unit of text.split('')) {
    const escape = type === Scalar.QUOTE_DOUBLE ? escapeAt(written, position) : 0;
    if (/\s/.test(unit)) {
      offsets.push(position);
      if (/\s/.test(written.charAt(position))) position += 1;
      else position += escape;
      continue;
    }
    position = pastFolding(written, position, type);
    offsets.push(position);
    if (type === Scalar.QUOTE_SINGLE && written.startsWith("''", position)) position += 2;
    else position += type === Scalar.QUOTE_DOUBLE ? Math.max(1, escapeAt(written, position)) : 1;
  }
  return offsets.length === 0 ? [0] : offsets;
}

/** Past white space that YAML drops; in double quotes also past a line that ends in `\`. */
function pastFolding(written: string, position: number, type: string): number {
  const folding = type === Scalar.QUOTE_DOUBLE ? /(?:\s|\\\n)*/y : /\s*/y;
  folding.lastIndex = position;
  return position + (folding.exec(written)?.[0].length ?? 0);
}

function escapeAt(written: string, position: number): number {
  if (written.charAt(position) !== '\\') return 0;
  return { x: 4, u: 6, U: 10 }[written.charAt(position + 1)] ?? 2;
}
