import type { LocalText } from '../../shared/language.ts';
import { lex } from '../template/index.ts';
import type { Proposal, ProposedDefault } from './proposal.ts';
import { wordsOf } from './proposal.ts';
import { resultColumns, type DraftColumn } from './result-columns.ts';

export interface Draft {
  title: LocalText;
  group: string;
  owner: string;
  /** Source of its one step. */
  on: string;
  sql: string;
  /** Those that have become fields. */
  fields: Proposal[];
}

/** The text of a draft task: the query with fields in the place of values, and a header to be mended by its author. */
export function writeDraft({ title, group, owner, on, sql, fields }: Draft): string {
  const filled = fields.every((field) => field.default !== undefined);
  const header = [
    '# Mend before publishing: the texts that people read, in both languages.',
    `title: ${both(title)}`,
    `description: ${both({ ru: `${title.ru}: что именно считается.`, en: `${title.en}: what exactly it counts.` })}`,
    `group: ${yaml(group)}`,
    `owner: ${yaml(owner)}`,
    'status: draft',
    ...(fields.length === 0 ? [] : ['form:', ...fields.flatMap(fieldLines)]),
    ...columnLines(resultColumns(sql)),
    ...(filled ? ['examples:', `  - values: { ${fields.map(({ name, default: value }) => `${name}: ${defaultText(value ?? '')}`).join(', ')} }`, '    expect: { rowsAtLeast: 1 }'] : []),
  ];
  return `/*\n${header.join('\n')}\n*/\n-- step ${stepName(title.en)} on ${on}\n${plainComments(withFields(sql, fields)).trim()}\n`;
}

/** The query with each field's edits made. */
export function withFields(sql: string, fields: Proposal[]): string {
  const edits = fields.flatMap(({ name, edits: own }) => own.map((edit) => ({ ...edit, text: edit.write(name) })));
  return edits.sort((one, other) => other.start - one.start).reduce((text, { start, end, text: written }) => text.slice(0, start) + written + text.slice(end), sql);
}

function stepName(title: string): string {
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : 'rows';
}

/** Text as YAML and JSON both read it. The header is a comment of SQL, which must not end early. */
function yaml(value: string): string {
  const isPlain = /^[a-z][a-z0-9_]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(value);
  return isPlain ? value : JSON.stringify(value).replaceAll('*/', '*\\/').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function both({ ru, en }: LocalText): string {
  return `{ ru: ${yaml(ru)}, en: ${yaml(en)} }`;
}

function defaultText(value: ProposedDefault): string {
  if (Array.isArray(value)) return `[${value.map(defaultText).join(', ')}]`;
  if (typeof value === 'object') return `{ from: ${defaultText(value.from)}, until: ${defaultText(value.until)} }`;
  return typeof value === 'number' ? String(value) : yaml(value);
}

function fieldLines({ name, kind, use, label, settings, default: value }: Proposal): string[] {
  const fallback = value === undefined ? [] : [`default: ${defaultText(value)}`];
  const taken = use === undefined ? [`kind: ${kind}`, `label: ${both(label)}`] : [`use: ${use}`, ...(kind === 'choices' ? ['kind: choices'] : [])];
  const more = Object.entries(settings).map(([key, setting]) => `${key}: ${setting}`);
  const dates = kind === 'dateRange' ? ['  # until is the first day after the period; lastMonth and other words move with the calendar'] : [];
  return [...dates, `  ${name}: { ${[...taken, ...more, ...fallback].join(', ')} }`];
}

function columnLines(columns: DraftColumn[]): string[] {
  if (columns.length === 0) return [];
  const line = ({ name, isCode }: DraftColumn): string => `  ${yaml(name)}: { title: ${both({ ru: wordsOf(name), en: wordsOf(name) })}${isCode ? ', type: code' : ''} }`;
  return ['columns:', ...columns.map(line)];
}

/** A comment that begins with the word step would begin a step; braces in comments would be a fault. */
function plainComments(sql: string): string {
  return lex(sql)
    .map(({ kind, start, end }) => {
      const text = sql.slice(start, end);
      return kind === 'comment' ? text.replace(/^([ \t]*--[ \t]*)(step\b)/gim, '$1— $2') : text;
    })
    .join('');
}
