import type { Cell } from '../../shared/result.ts';

const widest = 40;

function shown(cell: Cell): string {
  const text = cell === null ? '' : String(cell).replace(/\s+/g, ' ');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

/** Rows under their columns' names, in columns as wide as what stands in them; numbers on the right. */
export function textTable(names: string[], rows: Cell[][]): string[] {
  const cells = [names, ...rows].map((row) => names.map((_, at) => shown(row[at] ?? null)));
  const widths = names.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const isNumber = names.map((_, at) => rows.length > 0 && rows.every((row) => row[at] === null || typeof row[at] === 'number' || /^-?\d{1,15}(\.\d+)?$/.test(String(row[at]))));
  const line = (row: string[]): string => row.map((text, at) => (isNumber[at] === true ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join('  ').trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)];
}
