import type { CellKind } from './cell-form.ts';

const narrowest = 9;
const widest = 60;
const widestTitle = 40;
/** The filter button and a little air. */
const besideTitle = 4;

/** Widths in characters, from the titles and the first rows (lines of JSON arrays). */
export function columnWidths(titles: string[], kinds: CellKind[], lines: string[]): number[] {
  const rows = lines.map(valuesOf);
  return titles.map((title, index) => {
    const lengths = rows.map((row) => shownLength(row[index], kinds[index] ?? 'text'));
    const titleWidth = Math.min(title.length, widestTitle) + besideTitle;
    return Math.min(widest, Math.max(narrowest, titleWidth, ...lengths.map((length) => length + 2)));
  });
}

/** A damaged line is not this function's business: writing the row refuses it. */
function valuesOf(line: string): unknown[] {
  try {
    const values: unknown = JSON.parse(line);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function shownLength(value: unknown, kind: CellKind): number {
  if (value === null || value === undefined) return 0;
  switch (kind) {
    case 'date':
      return 10;
    case 'datetime':
      return 19;
    case 'flag':
      return 6;
    case 'number':
      return Math.ceil(String(value).length * 1.3);
    case 'text':
      return Math.max(...String(value).split('\n').map((line) => line.length));
  }
}
