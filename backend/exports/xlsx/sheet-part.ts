import { escapeXml } from './cell-text.ts';
import { columnLetters } from './column-markup.ts';
import { mainNamespace, relationsNamespace, xmlDeclaration } from './markup.ts';
import { tableRange } from './table-part.ts';
import type { PlannedPart, PlannedResult } from './workbook-plan.ts';

export interface SheetLook {
  widths: number[];
  headerStyle: number;
  /** The sheet that is in front when the file is opened. */
  selected: boolean;
}

/** Everything of a worksheet above its data rows: a frozen header, widths. */
export function sheetStart({ headers }: PlannedResult, part: PlannedPart, { widths, headerStyle, selected }: SheetLook): string {
  const columns = widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`);
  const cells = headers.map(
    (name, index) => `<c r="${columnLetters(index)}1" s="${headerStyle}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(name)}</t></is></c>`,
  );
  return `${xmlDeclaration}<worksheet xmlns="${mainNamespace}" xmlns:r="${relationsNamespace}">\
<dimension ref="${tableRange(headers.length, part.rows)}"/>\
<sheetViews><sheetView ${selected ? 'tabSelected="1" ' : ''}workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>\
</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols>\
<sheetData><row r="1">${cells.join('')}</row>`;
}

/** What follows the data rows: digits kept as text are no error, the drawing, the table. Relations: rId1 table, rId2 drawing. */
export function sheetEnd({ headers }: PlannedResult, part: PlannedPart, hasDrawing: boolean): string {
  const range = tableRange(headers.length, part.rows);
  return `</sheetData><ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors>\
${hasDrawing ? '<drawing r:id="rId2"/>' : ''}<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>`;
}
