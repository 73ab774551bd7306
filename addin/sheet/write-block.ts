import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Cell } from '../../shared/result.ts';
import type { Block, Place, ResultToWrite, WriteOptions, WriteOutcome, WritePlan } from './block.ts';
import { recordToXml, type BlockRecord } from './block-record.ts';
import { chartOf, queueChart } from './chart-writer.ts';
import { columnWidths } from './column-widths.ts';
import { inExcel, sync } from './excel-session.ts';
import { freeTableName, headerTitles } from './names.ts';
import { notices } from './notices.ts';
import { findPlace, type Spot } from './place.ts';
import { queueProvenanceSheet } from './provenance-sheet.ts';
import { Cancelled, throwIfCancelled } from './row-writer.ts';
import { setFormat, writeTypedRows, type TypedRows } from './typed-rows.ts';
import { readWorkbook, tableOf, type WorkbookState } from './workbook-state.ts';

/** What writing there would meet; writes nothing. */
export async function planWrite(source: Pick<ResultToWrite, 'run' | 'result'>, place: Place, options: Pick<WriteOptions, 'language' | 'syncSeconds'>): Promise<WritePlan> {
  return inExcel(async (context) => {
    const state = await readWorkbook(context, options.syncSeconds);
    return (await findPlace(context, state, { ...source, place, ...options })).plan;
  });
}

/**
 * Writes a result as a native table with typed columns and keeps its provenance in the workbook. Writes over filled
 * cells only with `overwrite`, never over a table. After a failure or a cancel nothing half-written stays.
 */
export async function writeBlock(source: ResultToWrite, place: Place, options: WriteOptions & { overwrite?: boolean }): Promise<WriteOutcome> {
  const started: { writer?: BlockWriter } = {};
  try {
    return await inExcel(async (context) => {
      const state = await readWorkbook(context, options.syncSeconds);
      const { plan, spot } = await findPlace(context, state, { ...source, place, ...options });
      if (plan.state === 'tooLarge') throw plan.problem;
      if (plan.state === 'occupied' && !(options.overwrite === true && plan.choices.includes('overwrite'))) throw occupied(plan.address);
      if (!spot) throw new Error('A place without a spot was not refused.');
      throwIfCancelled(options.signal);
      started.writer = new BlockWriter(context, { source, options, state, spot });
      return started.writer.write();
    });
  } catch (error) {
    // Outside of the batch: at its end Excel.run would still carry out what was queued.
    const left = await started.writer?.undo();
    if (error instanceof Cancelled || options.signal?.aborted === true) return { state: 'cancelled', left };
    throw left ? withRemains(error, left) : error;
  }
}

function occupied(address: string): Problem {
  return new Problem('conflict', { ru: `В ячейках ${address} уже есть данные. Выберите другое место или новый лист.`, en: `Cells ${address} hold data already. Choose another place or a new sheet.` });
}

interface Task {
  source: ResultToWrite;
  options: WriteOptions;
  state: WorkbookState;
  spot: Spot;
}

class BlockWriter {
  private readonly context: Excel.RequestContext;
  private readonly task: Task;
  private readonly titles: string[];

  constructor(context: Excel.RequestContext, task: Task) {
    this.context = context;
    this.task = task;
    this.titles = headerTitles(task.source.result.columns.map(({ title }) => title[task.options.language]));
  }

  async write(): Promise<WriteOutcome> {
    const rows = await this.writeCells();
    const block = await this.finish(rows.sample);
    return { state: 'written', block, notices: notices(this.task.source.result, rows) };
  }

  private async writeCells(): Promise<TypedRows> {
    const { source, options, spot } = this.task;
    if (spot.isNew) this.context.workbook.worksheets.add(spot.sheetName);
    const header = this.range(0, 0, 1, this.titles.length);
    setFormat(header, '@');
    header.values = [this.titles];
    return writeTypedRows(this.context, { source, target: { sheet: spot.sheetName, row: spot.row + 1, column: spot.column }, options });
  }

  private range(row: number, column: number, rows: number, columns: number): Excel.Range {
    const { spot } = this.task;
    const range = this.sheet().getRangeByIndexes(spot.row + row, spot.column + column, rows, columns);
    range.untrack();
    return range;
  }

  private sheet(): Excel.Worksheet {
    return this.context.workbook.worksheets.getItem(this.task.spot.sheetName);
  }

  /** The table last: adding rows to one is slow. Then what needs its ids. */
  private async finish(sample: Cell[][]): Promise<Block> {
    const { source, options, state, spot } = this.task;
    const { result } = source;
    const area = this.range(0, 0, Math.max(1, result.rows) + 1, result.columns.length);
    const table = this.sheet().tables.add(area, true);
    table.name = freeTableName(source.run.provenance.taskId, state.takenNames);
    table.load('id,name');
    table.columns.load('items/id');
    area.load('address');
    columnWidths(this.titles, result.columns, sample).forEach((width, index) => (this.range(0, index, 1, 1).format.columnWidth = width));
    if (spot.isNew) this.sheet().freezePanes.freezeRows(1);
    this.context.workbook.application.suspendScreenUpdatingUntilNextSync();
    await sync(this.context, options.syncSeconds);
    const block = this.block(table, area.address.slice(area.address.lastIndexOf('!') + 1));
    this.queueKeepsakes(block);
    await sync(this.context, options.syncSeconds);
    return block;
  }

  private block(table: Excel.Table, address: string): Block {
    const { source, options, spot } = this.task;
    const { run, result } = source;
    const record: BlockRecord = {
      id: crypto.randomUUID(),
      tableId: table.id,
      tableName: table.name,
      runId: run.id,
      provenance: run.provenance,
      values: run.values,
      result: result.name,
      rows: result.rows,
      columns: result.columns.map(({ name, type }, index) => ({ name, type, tableColumnId: table.columns.items[index]?.id ?? index + 1 })),
      language: options.language,
      writtenAt: new Date().toISOString(),
    };
    return { id: record.id, sheetName: spot.sheetName, tableName: table.name, address, record };
  }

  private queueKeepsakes(block: Block): void {
    const { source, options, state, spot } = this.task;
    this.context.workbook.customXmlParts.add(recordToXml(block.record));
    const chart = chartOf(source);
    const rows = source.result.rows + 1;
    if (chart) queueChart(chart, { sheet: this.sheet(), row: spot.row, column: spot.column, rows, titles: this.titles, title: source.run.provenance.title[options.language] });
    const earlier = state.records.flatMap(({ record }) => {
      const table = tableOf(record, state.tables);
      return table ? [{ sheetName: table.sheetName, tableName: table.name, record }] : [];
    });
    queueProvenanceSheet(this.context, state, { lines: [...earlier, { ...block }], language: options.language, timeZone: options.timeZone });
    this.sheet().activate();
    this.range(0, 0, 1, 1).select();
  }

  /** Removes what was written; says so when Excel does not let it. */
  async undo(): Promise<LocalText | undefined> {
    const { spot, source, options } = this.task;
    const undoSeconds = Math.min(20, options.syncSeconds ?? 20);
    try {
      return await inExcel(async (context) => {
        const sheet = context.workbook.worksheets.getItemOrNullObject(spot.sheetName);
        const area = sheet.getRangeByIndexes(spot.row, spot.column, Math.max(1, source.result.rows) + 1, source.result.columns.length);
        const tables = area.getTables(false);
        tables.load('items/name');
        await sync(context, undoSeconds);
        if (sheet.isNullObject) return undefined;
        if (spot.isNew) sheet.delete();
        else {
          for (const table of tables.items) table.convertToRange();
          area.clear();
        }
        await sync(context, undoSeconds);
        return undefined;
      });
    } catch {
      return { ru: `На листе «${spot.sheetName}» осталась неполная таблица: удалите её.`, en: `An incomplete table is left on the sheet “${spot.sheetName}”: please delete it.` };
    }
  }
}

function withRemains(error: unknown, left: LocalText): unknown {
  if (!(error instanceof Problem)) return error;
  return new Problem(error.code, { ru: `${error.text.ru} ${left.ru}`, en: `${error.text.en} ${left.en}` }, { cause: error });
}
