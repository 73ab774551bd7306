import { escapeXml } from './cell-text.ts';
import { columnLetters } from './column-markup.ts';
import { mainNamespace, xmlDeclaration } from './markup.ts';

const mostCharacters = 255;

/**
 * Header cells of an Excel table: not empty, and unlike each other in any case, or Excel "repairs" the file.
 *
 * @example headerNames(['Город', 'город', '']) // ['Город', 'город (2)', '3']
 */
export function headerNames(titles: string[]): string[] {
  const taken = new Set<string>();
  return titles.map((title, index) => {
    const base = cleaned(title) || String(index + 1);
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base} (${number})`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function cleaned(title: string): string {
  const line = title.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[\p{Cc}\ufffe\uffff\s]+/gu, ' ').trim();
  return line.slice(0, mostCharacters - 10).replace(/[\ud800-\udbff]$/, '').trim();
}

/** The cells of a table with so many data rows. A table always has one row, though it may be empty. */
export function tableRange(columns: number, rows: number): string {
  return `A1:${columnLetters(columns - 1)}${Math.max(rows, 1) + 1}`;
}

export function tableXml(id: number, names: string[], rows: number): string {
  const range = tableRange(names.length, rows);
  const columns = names.map((name, index) => `<tableColumn id="${index + 1}" name="${escapeXml(name)}"/>`);
  return `${xmlDeclaration}<table xmlns="${mainNamespace}" id="${id}" name="Result_${id}" displayName="Result_${id}" ref="${range}" totalsRowShown="0">\
<autoFilter ref="${range}"/><tableColumns count="${names.length}">${columns.join('')}</tableColumns>\
<tableStyleInfo name="TableStyleMedium2" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>`;
}
