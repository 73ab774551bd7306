import { castTypes, type CastType } from '../../shared/cast-type.ts';
import type { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault } from './task.ts';

interface Clause {
  text: string;
  offset: number;
}

interface ClauseParts {
  source: SourceText;
  faults: Fault[];
}

const unitSeconds: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };
const longestSeconds = 30 * 86_400;

/** `(user_id: string, size: integer)` of a step's marker. */
export function readCasts(clause: Clause | undefined, { source, faults }: ClauseParts): Record<string, CastType> | undefined {
  if (clause === undefined) return undefined;
  const fault = (message: string, advice: string): void => void faults.push(source.fault(clause.offset, message, advice));
  const pairs = clause.text.slice(1, -1).split(',').map((pair) => pair.split(':').map((part) => part.trim()));
  const casts: Record<string, CastType> = {};
  for (const [column = '', word = '', ...rest] of pairs) {
    const cast = castTypes.find((one) => one === word);
    if (column === '' || word === '' || rest.length > 0) fault(`"${clause.text}" does not give types to columns`, 'write (column: string, other: integer)');
    else if (cast === undefined) fault(`"${word}" is not a type`, suggest(word, [...castTypes]));
    else if (Object.hasOwn(casts, column)) fault(`column ${column} has two types`, 'keep one of them');
    else casts[column] = cast;
  }
  return casts;
}

/** `keep 1h` of a step's marker, in seconds. */
export function readKeep(clause: Clause | undefined, { source, faults }: ClauseParts): number | undefined {
  if (clause === undefined) return undefined;
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(clause.text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  if (seconds > 0 && seconds <= longestSeconds) return seconds;
  faults.push(source.fault(clause.offset, `"keep ${clause.text}" is not a time`, 'write keep 30m, keep 1h or keep 7d; 30d at most'));
  return undefined;
}

/** The steps that a script is given: those that its marker names, otherwise all above it. */
export function readReads(clause: Clause | undefined, above: string[], { source, faults }: ClauseParts): string[] {
  if (clause === undefined) return above;
  const names = clause.text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of names.filter((one) => !above.includes(one))) faults.push(source.fault(clause.offset, `there is no step "${name}" above this one`, suggest(name, above)));
  return names.filter((name) => above.includes(name));
}
