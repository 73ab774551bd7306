import { columnOf } from '../catalog/options.ts';
import { Statement } from './statement.ts';

export interface DraftColumn {
  name: string;
  /** Card numbers, barcodes and ids are names, not quantities. */
  isCode: boolean;
}

const codeName = /(^|_)(id|uuid|barcode|phone|card_number|code)$/i;

/** Columns that the query returns, as far as its text names them: `*` and unnamed expressions are left to the engine. */
export function resultColumns(sql: string): DraftColumn[] {
  const statement = new Statement(sql);
  const names = itemsOf(statement).map((text) => columnOf(text)).filter((name) => name !== null && !/^\d|\*/.test(name));
  return [...new Set(names)].map((name) => ({ name: name ?? '', isCode: codeName.test(name ?? '') }));
}

/** Pieces of the outermost SELECT between its commas. */
function itemsOf({ code, sql }: Statement): string[] {
  const depths: number[] = [];
  let depth = 0;
  for (const { text, kind } of code) {
    if (kind === 'mark' && /^[([]$/.test(text)) depth += 1;
    depths.push(depth);
    if (kind === 'mark' && /^[)\]]$/.test(text)) depth -= 1;
  }
  const first = code.findIndex(({ text }, index) => depths[index] === 0 && /^select$/i.test(text));
  if (first < 0) return [];
  const last = code.findIndex(({ text }, index) => index > first && depths[index] === 0 && /^(from|where|union|limit|order|settings|into)$/i.test(text));
  const until = last < 0 ? code.length : last;
  const start = /^distinct$/i.test(code[first + 1]?.text ?? '') ? first + 2 : first + 1;
  const commas = code.flatMap(({ text, kind }, index) => (index >= start && index < until && depths[index] === 0 && kind === 'mark' && text === ',' ? [index] : []));
  const borders = [start - 1, ...commas, until];
  return borders.slice(1).map((end, order) => {
    const [from, to] = [code[(borders[order] ?? 0) + 1], code[end - 1]];
    return from === undefined || to === undefined || to.end <= from.start ? '' : sql.slice(from.start, to.end);
  });
}
