import type { ResultColumn } from '../../shared/result.ts';
import type { Cell } from '../../shared/result.ts';

const narrowest = 9;
const widest = 60;
const widestTitle = 40;
/** The filter button and a little air. */
const besideTitle = 4;
const pointsPerCharacter = 5.4;
const padding = 5;

/** Widths in points, from titles and the first rows: measuring every cell, as autofit does, is slow on large tables. */
export function columnWidths(titles: string[], columns: ResultColumn[], sample: Cell[][]): number[] {
  return columns.map((column, index) => {
    const lengths = sample.map((row) => shownLength(row[index] ?? null, column));
    const title = Math.min(titles[index]?.length ?? 0, widestTitle) + besideTitle;
    const characters = Math.min(widest, Math.max(narrowest, title, ...lengths.map((length) => length + 2)));
    return Math.round(characters * pointsPerCharacter + padding);
  });
}

function shownLength(cell: Cell, { type }: ResultColumn): number {
  if (cell === null) return 0;
  if (type === 'date') return 10;
  if (type === 'datetime') return 19;
  const text = String(cell);
  if (type === 'integer' || type === 'decimal' || type === 'money') return Math.ceil(text.length * 1.3);
  return text.split('\n', 20).reduce((longest, line) => Math.max(longest, line.length), 0);
}
