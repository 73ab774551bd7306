import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { freeSheetName } from '../../shared/sheet-name.ts';
import type { Block, ResultToWrite, WriteOptions, WriteOutcome } from './block.ts';
import { recordToXml, type BlockRecord } from './block-record.ts';
import { readBlockTable, type BlockTable } from './block-table.ts';
import { excelProblem, inExcel, sync } from './excel-session.ts';
import { tooLargeFor } from './limits.ts';
import { notices } from './notices.ts';
import { queueProvenanceSheet } from './provenance-sheet.ts';
import { Cancelled, throwIfCancelled } from './row-writer.ts';
import { setFormat, writeTypedRows, type TypedRows } from './typed-rows.ts';
import { readWorkbook, tableOf, type StoredRecord, type WorkbookState } from './workbook-state.ts';

/**
 * Puts a newer result into a block's table. Its name and place, the columns that a person added, their formats and
 * totals stay; cells below are moved, never written over. The new rows are gathered on a hidden sheet and moved in at
 * the end: a cancelled or failed refresh leaves the old ones whole.
 */
export async function refreshBlock(block: Pick<Block, 'id'>, source: ResultToWrite, options: WriteOptions): Promise<WriteOutcome> {
  const started: { refresher?: BlockRefresher } = {};
  try {
    return await inExcel(async (context) => {
      const state = await readWorkbook(context, options.syncSeconds);
      const stored = state.records.find(({ record }) => record.id === block.id);
      const spot = stored && tableOf(stored.record, state.tables);
      if (!stored || !spot) throw gone();
      if (state.structureLocked) throw locked();
      const table = await readBlockTable(context, spot, { record: stored.record, result: source.result });
      const problem = tooLargeFor(source.result, table);
      if (problem) throw problem;
      throwIfCancelled(options.signal);
      started.refresher = new BlockRefresher(context, { source, options, state, stored, table });
      return started.refresher.refresh();
    });
  } catch (error) {
    // Outside of the batch: at its end Excel.run would still carry out what was queued.
    await started.refresher?.removeStaging();
    if (started.refresher?.swapping === true) throw halfDone(error);
    if (error instanceof Cancelled || options.signal?.aborted === true) return { state: 'cancelled', left: undefined };
    throw error;
  }
}

function gone(): Problem {
  return new Problem('not_found', { ru: 'Этой таблицы больше нет в книге. Получите результат на новый лист.', en: 'This table is no longer in the workbook. Get the result on a new sheet.' });
}

function locked(): Problem {
  return new Problem('not_allowed', { ru: 'Структура книги защищена. Снимите защиту («Рецензирование» → «Защитить книгу») и обновите ещё раз.', en: 'The structure of the workbook is protected. Remove the protection (Review → Protect Workbook) and refresh again.' });
}

interface Task {
  source: ResultToWrite;
  options: WriteOptions;
  state: WorkbookState;
  stored: StoredRecord;
  table: BlockTable;
}

class BlockRefresher {
  private readonly context: Excel.RequestContext;
  private readonly task: Task;
  private readonly staging: string;
  /** From here on the old rows are being replaced. */
  swapping = false;

  constructor(context: Excel.RequestContext, task: Task) {
    this.context = context;
    this.task = task;
    this.staging = freeSheetName('Tasksheet temporary', task.state.sheetNames);
  }

  async refresh(): Promise<WriteOutcome> {
    const { source, options } = this.task;
    const sheet = this.context.workbook.worksheets.add(this.staging);
    sheet.visibility = 'Hidden';
    const rows = await writeTypedRows(this.context, { source, target: { sheet: this.staging, row: 0, column: 0 }, options });
    await this.makeRoom();
    const block = await this.swap(rows);
    return { state: 'written', block, notices: [...notices(source.result, rows), ...this.looseColumns(), ...this.looseRows()] };
  }

  private get newRows(): number {
    return Math.max(1, this.task.source.result.rows);
  }

  /** Makes the table long enough; what is below moves down by as much as it needs. Excel may refuse, then nothing has changed. */
  private async makeRoom(): Promise<void> {
    const { table, options } = this.task;
    const extra = this.newRows - table.bodyRows;
    const native = this.context.workbook.tables.getItem(table.spot.id);
    if (table.addedRows > 0) await this.releaseAddedRows(native);
    if (extra > 0) await this.pushDown(extra, table.showTotals && table.addedRows === 0 ? 1 : 0);
    if (table.showTotals) native.showTotals = false;
    if (extra > 0) {
      native.resize(this.area(0, 0, this.newRows + 1, table.width));
      this.fillNewRows(extra);
    }
    await sync(this.context, options.syncSeconds);
  }

  /** Excel takes what a person types right below a table into it: those rows are theirs and step out again. */
  private async releaseAddedRows(native: Excel.Table): Promise<void> {
    const { table, options } = this.task;
    native.showTotals = false;
    native.resize(this.area(0, 0, table.bodyRows + 1, table.width));
    await sync(this.context, options.syncSeconds);
  }

  private async pushDown(extra: number, totals: number): Promise<void> {
    const { table, options } = this.task;
    const below = this.area(table.bodyRows + 1 + totals, 0, extra, table.width);
    const used = below.getUsedRangeOrNullObject(true);
    const tables = below.getTables(false);
    tables.load('items/name');
    await sync(this.context, options.syncSeconds);
    if (used.isNullObject && tables.items.length === 0) return;
    below.insert('Down');
    try {
      await sync(this.context, options.syncSeconds);
    } catch (error) {
      throw inTheWay(error);
    }
  }

  /** New rows look and calculate as the first one does. */
  private fillNewRows(extra: number): void {
    const { table } = this.task;
    this.area(table.bodyRows + 1, 0, extra, table.width).copyFrom(this.area(1, 0, 1, table.width), 'Formats');
    for (const { index, calculated } of table.theirs) if (calculated) this.area(table.bodyRows + 1, index, extra, 1).copyFrom(this.area(1, index, 1, 1), 'Formulas');
  }

  private async swap(rows: TypedRows): Promise<Block> {
    const { table, options, stored } = this.task;
    this.swapping = true;
    const native = this.context.workbook.tables.getItem(table.spot.id);
    const staging = this.context.workbook.worksheets.getItem(this.staging);
    table.ours.forEach((position, index) => {
      const target = this.area(1, position, this.newRows, 1);
      if (rows.writers[index]?.numberFormat === '@') setFormat(target, '@');
      target.copyFrom(staging.getRangeByIndexes(0, index, this.newRows, 1), 'Values');
    });
    if (this.newRows < table.bodyRows) this.shorten(native);
    if (table.showTotals) native.showTotals = true;
    staging.delete();
    native.reapplyFilters();
    const range = native.getRange();
    range.load('address');
    const record = this.newRecord();
    this.context.workbook.customXmlParts.getItem(stored.partId).setXml(recordToXml(record));
    this.queueProvenance(record);
    await sync(this.context, options.syncSeconds);
    return { id: record.id, sheetName: table.spot.sheetName, tableName: table.spot.name, address: range.address.slice(range.address.lastIndexOf('!') + 1), record };
  }

  /** Rows that the new result no longer has leave the table; what a person typed beside them stays where it is. */
  private shorten(native: Excel.Table): void {
    const { table } = this.task;
    const rest = table.bodyRows - this.newRows;
    native.resize(this.area(0, 0, this.newRows + 1, table.width));
    for (const index of [...table.ours, ...table.theirs.filter(({ calculated }) => calculated).map(({ index: theirs }) => theirs)]) this.area(this.newRows + 1, index, rest, 1).clear();
  }

  private newRecord(): BlockRecord {
    const { stored, source, options, table } = this.task;
    const { run, result } = source;
    return { ...stored.record, tableId: table.spot.id, tableName: table.spot.name, runId: run.id, provenance: run.provenance, values: run.values, rows: result.rows, language: options.language, writtenAt: new Date().toISOString() };
  }

  private queueProvenance(record: BlockRecord): void {
    const { state, options } = this.task;
    const lines = state.records.flatMap((one) => {
      const spot = tableOf(one.record, state.tables);
      return spot ? [{ sheetName: spot.sheetName, tableName: spot.name, record: one.record.id === record.id ? record : one.record }] : [];
    });
    queueProvenanceSheet(this.context, state, { lines, language: options.language, timeZone: options.timeZone });
  }

  /** Cells counted from the table's corner. */
  private area(row: number, column: number, rows: number, columns: number): Excel.Range {
    const { table } = this.task;
    return this.context.workbook.worksheets.getItem(table.spot.sheetName).getRangeByIndexes(table.row + row, table.column + column, rows, columns);
  }

  private looseColumns(): LocalText[] {
    const titles = this.task.table.theirs.filter(({ calculated }) => !calculated).map(({ title }) => title);
    if (titles.length === 0) return [];
    return [
      {
        ru: `Ваши столбцы (${titles.join(', ')}) остались на своих строках, а порядок данных мог измениться: проверьте, что заметки стоят напротив нужных строк.`,
        en: `Your columns (${titles.join(', ')}) stayed on their rows, while the order of the data may have changed: check that your notes still stand beside the right rows.`,
      },
    ];
  }

  private looseRows(): LocalText[] {
    if (this.task.table.addedRows === 0) return [];
    return [{ ru: 'Строки, которые вы дописали в конец таблицы, теперь стоят под ней.', en: 'The rows that you added at the end of the table now stand below it.' }];
  }

  async removeStaging(): Promise<void> {
    await inExcel(async (context) => {
      context.workbook.worksheets.getItemOrNullObject(this.staging).delete();
      await sync(context, Math.min(20, this.task.options.syncSeconds ?? 20));
    }).catch(() => undefined);
  }
}

function inTheWay(cause: unknown): unknown {
  const problem = excelProblem(cause);
  if (problem instanceof Problem && problem.code !== 'internal') return problem;
  return new Problem('conflict', { ru: 'Строк стало больше, а под таблицей стоит то, что Excel не может сдвинуть (например, другая таблица). Освободите место под ней или получите результат на новый лист.', en: 'There are more rows now, and Excel cannot move what stands below the table (another table, for example). Make room below it or get the result on a new sheet.' }, { cause });
}

function halfDone(cause: unknown): Problem {
  return new Problem('internal', { ru: 'Таблица могла обновиться не полностью. Обновите её ещё раз.', en: 'The table may be refreshed only in part. Refresh it again.' }, { cause });
}
