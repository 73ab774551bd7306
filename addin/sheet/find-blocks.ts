import type { Block } from './block.ts';
import { inExcel, sync } from './excel-session.ts';
import { readWorkbook, tableOf } from './workbook-state.ts';

/** A block and how it lies to what the person has selected. */
export interface FoundBlock extends Block {
  selected: boolean;
  onActiveSheet: boolean;
}

/** Every block of the workbook whose table still exists, as it is now: renamed, moved and resized ones too. */
export async function findBlocks(): Promise<FoundBlock[]> {
  return inExcel(async (context) => {
    const state = await readWorkbook(context);
    const { workbook } = context;
    const active = workbook.worksheets.getActiveWorksheet();
    active.load('name');
    const found = state.records.flatMap(({ record }) => {
      const table = tableOf(record, state.tables);
      return table ? [{ record, table, range: workbook.tables.getItem(table.id).getRange() }] : [];
    });
    for (const { range } of found) range.load('address');
    const selectedTables = workbook.getSelectedRange().getTables(false);
    selectedTables.load('items/id');
    await sync(context);
    const selected = new Set(selectedTables.items.map(({ id }) => id));
    return found.map(({ record, table, range }) => ({
      id: record.id,
      sheetName: table.sheetName,
      tableName: table.name,
      address: range.address.slice(range.address.lastIndexOf('!') + 1),
      record,
      selected: selected.has(table.id),
      onActiveSheet: table.sheetName === active.name,
    }));
  });
}

/** Goes to a block. */
export async function showBlock(block: Pick<Block, 'sheetName' | 'address'>): Promise<void> {
  await inExcel(async (context) => {
    const sheet = context.workbook.worksheets.getItem(block.sheetName);
    sheet.activate();
    sheet.getRange(block.address).getCell(0, 0).select();
    await sync(context);
  });
}
