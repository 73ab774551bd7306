import type { Problem } from '../../shared/problem.ts';
import { lex } from '../template/index.ts';

/** The engine's whole words: of a Problem that people see, its cause. */
export function engineWords({ message, cause }: Problem): string {
  return cause instanceof Error ? cause.message : message;
}

/** Where in a query the engine found fault: the position that it tells, or the name that it does not know. `null` when it tells neither. */
export function faultyPlace(problem: Problem, sql: string): number | null {
  const words = engineWords(problem);
  const position = /failed at position (\d+)/.exec(words)?.[1];
  // The engine counts bytes, from 1.
  if (position !== undefined) return Buffer.from(sql).subarray(0, Number(position) - 1).toString().length;
  const quoted = /(?:identifier|column|object|table|function)[^`'"]{0,40}[`'"]([\p{L}_][\p{L}\p{N}_.]*)[`'"]/iu.exec(words)?.[1];
  const name = quoted ?? /function (\w+)/i.exec(words)?.[1];
  return name === undefined ? null : placeOfName(name, sql);
}

function placeOfName(name: string, sql: string): number | null {
  const last = name.split('.').at(-1) ?? name;
  const found = lex(sql).find(({ kind, start, end }) => {
    const text = sql.slice(start, end);
    return (kind === 'word' && text === last) || (kind === 'quoted' && /^[`"]/.test(text) && text.slice(1, -1) === last);
  });
  return found?.start ?? null;
}

/** What the engine proposes instead of a name that it does not know. */
export function engineHint(problem: Problem): string | undefined {
  const [, list] = /Maybe you meant:? ?\[?([^\]?]+)[\]?]/.exec(engineWords(problem)) ?? [];
  return list === undefined ? undefined : `did you mean ${list.replaceAll("'", '"').replace(/, /g, ' or ')}?`;
}

/** The engine's words without its places, which are those of the finished query, and without the long list of what might have stood there. */
export function shortWords(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/: failed at position \d+(?: \(line \d+, col \d+\))?/, '').replace(/\. Expected one of:.*$/, '').slice(0, 400);
}
