import type { Fault } from './task.ts';

/** The text of one catalog file. `file` is its path inside the catalog. */
export class SourceText {
  private readonly lineStarts: number[] = [0];

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  /** Line and column of an offset, both from 1. */
  place(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  fault(offset: number, message: string, advice: string): Fault {
    return { file: this.file, ...this.place(offset), message, advice };
  }
}

/** A piece of a file whose text was unfolded (a YAML scalar) or stands as it is (a step): knows where each character came from. */
export interface Excerpt {
  source: SourceText;
  text: string;
  /** Place in the file of a place in `text`. */
  offset: (at: number) => number;
}

/** Reads the same whatever editor saved the file: no byte order mark, line ends of one character. */
export function normalized(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

/** Faults in order of file and place, each once. */
export function sortedFaults(faults: Fault[]): Fault[] {
  const unique = new Map(faults.map((fault) => [JSON.stringify([fault.file, fault.line, fault.column, fault.message]), fault]));
  return [...unique.values()].sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column);
}

/** `tasks/partner-cards.sql:12:8  message — advice`, as editors and terminals open it. */
export function formatFault({ file, line, column, message, advice, warning }: Fault): string {
  return `${file}:${line}:${column}  ${warning === true ? 'warning: ' : ''}${message} — ${advice}`;
}
