import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import type { Language } from '../../shared/language.ts';
import { freeSheetName } from '../../shared/sheet-name.ts';
import type { Place, WritePlan } from './block.ts';
import { sync } from './excel-session.ts';
import { tooLargeFor } from './limits.ts';
import type { WorkbookState } from './workbook-state.ts';

/** Where exactly a block will stand; `isNew` when its sheet does not exist yet. */
export interface Spot {
  sheetName: string;
  isNew: boolean;
  row: number;
  column: number;
}

export interface PlaceRequest {
  place: Place;
  run: Run;
  result: ResultSummary;
  language: Language;
  syncSeconds?: number | undefined;
}

export type FoundPlace = { plan: WritePlan; spot: Spot | undefined };

/** Finds the spot and what is there now. Writes nothing. */
export async function findPlace(context: Excel.RequestContext, state: WorkbookState, request: PlaceRequest): Promise<FoundPlace> {
  return request.place.kind === 'newSheet' ? newSheetPlace(state, request) : cellPlace(context, request.place.address, request);
}

function newSheetPlace(state: WorkbookState, { run, result, language }: PlaceRequest): FoundPlace {
  const problem = tooLargeFor(result, { row: 0, column: 0 });
  if (problem) return { plan: { state: 'tooLarge', problem }, spot: undefined };
  const sheetName = freeSheetName(sheetNameFor(run, result, language), state.sheetNames);
  const spot = { sheetName, isNew: true, row: 0, column: 0 };
  return { plan: { state: 'ready', sheetName, address: 'A1' }, spot };
}

/** The file's name; where a run has several results, each sheet says first which one it is. */
function sheetNameFor(run: Run, result: ResultSummary, language: Language): string {
  const several = run.status.state === 'succeeded' && run.status.results.length > 1;
  return several ? `${result.title[language]} ${run.fileName[language]}` : run.fileName[language];
}

async function cellPlace(context: Excel.RequestContext, address: string | undefined, { result, syncSeconds }: PlaceRequest): Promise<FoundPlace> {
  const corner = cornerOf(context, address);
  corner.load('rowIndex,columnIndex,address');
  corner.worksheet.load('name');
  await sync(context, syncSeconds);
  const { rowIndex: row, columnIndex: column } = corner;
  const sheetName = corner.worksheet.name;
  const problem = tooLargeFor(result, { row, column });
  if (problem) return { plan: { state: 'tooLarge', problem }, spot: undefined };
  const area = context.workbook.worksheets.getItem(sheetName).getRangeByIndexes(row, column, Math.max(1, result.rows) + 1, result.columns.length);
  const used = area.getUsedRangeOrNullObject(true);
  const tables = area.getTables(false);
  area.load('address');
  used.load('cellCount');
  tables.load('items/name');
  await sync(context, syncSeconds);
  const spot = { sheetName, isNew: false, row, column };
  const where = { sheetName, address: area.address.slice(area.address.lastIndexOf('!') + 1) };
  const names = tables.items.map(({ name }) => name);
  if (used.isNullObject && names.length === 0) return { plan: { state: 'ready', ...where }, spot };
  const choices: ('overwrite' | 'newSheet')[] = names.length > 0 ? ['newSheet'] : ['overwrite', 'newSheet'];
  return { plan: { state: 'occupied', ...where, filledCells: used.isNullObject ? 0 : used.cellCount, tables: names, choices }, spot };
}

function cornerOf(context: Excel.RequestContext, address: string | undefined): Excel.Range {
  if (address === undefined) return context.workbook.getSelectedRange().getCell(0, 0);
  const [, sheet, cells = ''] = /^(?:'?(.*?)'?!)?([^!]+)$/.exec(address) ?? [];
  const { worksheets } = context.workbook;
  const worksheet = sheet === undefined ? worksheets.getActiveWorksheet() : worksheets.getItem(sheet.replaceAll("''", "'"));
  return worksheet.getRange(cells).getCell(0, 0);
}
