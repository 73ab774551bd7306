import type { Language } from '../../shared/language.ts';
import { freeSheetName } from '../../shared/sheet-name.ts';
import { provenanceCells, provenanceHeaders, provenanceSheetName, provenanceTitle, type ProvenanceLine } from './provenance-words.ts';
import type { WorkbookState } from './workbook-state.ts';

const widths = [140, 140, 200, 80, 360, 60, 110, 110, 170, 90];

/** Queues the whole sheet anew, one line a block. It is ours alone; a sheet of the person's with the same name is left in peace. */
export function queueProvenanceSheet(context: Excel.RequestContext, state: WorkbookState, { lines, language, timeZone }: { lines: ProvenanceLine[]; language: Language; timeZone: string }): void {
  if (state.structureLocked && state.provenanceSheet === undefined) return;
  const { worksheets } = context.workbook;
  const known = state.provenanceSheet;
  const name = known ?? freeSheetName(provenanceSheetName[language], state.sheetNames);
  const sheet = known === undefined ? worksheets.add(name) : worksheets.getItem(known);
  const headers = provenanceHeaders[language];
  const rows = [headers, ...lines.map((line) => provenanceCells(line, language, timeZone))];
  if (known !== undefined) sheet.getRange('A:J').clear('Contents');
  const title = sheet.getRange('A1');
  title.values = [[provenanceTitle[language]]];
  title.format.font.bold = true;
  const area = sheet.getRangeByIndexes(2, 0, rows.length, headers.length);
  area.numberFormat = textFormatScalar;
  area.values = rows;
  area.getRow(0).format.font.bold = true;
  widths.forEach((width, index) => (area.getColumn(index).format.columnWidth = width));
}

/** The API takes one format for a whole range; its types only know matrices. */
const textFormatScalar = '@' as unknown as string[][];
