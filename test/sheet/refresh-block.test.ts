import { beforeEach, describe, expect, it } from 'vitest';
import { findBlocks, refreshBlock, writeBlock, type Block, type WriteOptions } from '../../addin/sheet/index.ts';
import type { Cell } from '../../shared/result.ts';
import { ExcelHost, loadOfficeInNode, Workbook, type Worksheet } from '../excel-host/index.ts';
import { columns, resultOf } from './sample-result.ts';

const options: WriteOptions = { language: 'ru', timeZone: 'Europe/Moscow' };
const shape = columns('Номер:code', 'Дата:date:Date', 'Сумма:money:Decimal(18, 2)');
let host: ExcelHost;

beforeEach(() => {
  host = new ExcelHost(new Workbook());
  Object.assign(globalThis, { Excel: loadOfficeInNode(host).Excel });
});

function rowsOf(count: number, start = 0): Cell[][] {
  return Array.from({ length: count }, (_row, index) => [`000${start + index}`, '2026-10-05', `${start + index}.50`]);
}

async function written(rows: Cell[][]): Promise<{ block: Block; sheet: Worksheet }> {
  const outcome = await writeBlock(resultOf(shape, rows), { kind: 'newSheet' }, options);
  if (outcome.state !== 'written') throw new Error(outcome.state);
  return { block: outcome.block, sheet: host.workbook.sheet(outcome.block.sheetName) };
}

describe('refreshing a block', () => {
  it('puts more rows into the same table and moves what is below', async () => {
    const { block, sheet } = await written(rowsOf(3));
    sheet.range('A6').enter('Итого по отделу');
    const outcome = await refreshBlock(block, resultOf(shape, rowsOf(5, 10), { number: '49-001' }), options);
    expect(outcome).toMatchObject({ state: 'written', block: { tableName: 'Tasksheet_partner_cards', address: 'A1:C6' } });
    expect(sheet.range('A2:C6').values).toEqual(rowsOf(5, 10).map(([code, , sum]) => [code, 46300, Number(sum)]));
    expect(sheet.tables[0]?.area).toEqual({ row: 0, column: 0, rows: 6, columns: 3 });
    expect(sheet.range('A8').values).toEqual([['Итого по отделу']]);
    expect(sheet.range('B6').numberFormats).toEqual([['dd.mm.yyyy']]);
    expect(host.workbook.changes).toEqual([]);
    expect(host.unknownCalls).toEqual([]);
  });

  it('leaves no rest of longer data when there are fewer rows', async () => {
    const { block, sheet } = await written(rowsOf(5));
    sheet.range('A7').enter('заметка');
    await refreshBlock(block, resultOf(shape, rowsOf(2, 20)), options);
    expect(sheet.tables[0]?.area.rows).toBe(3);
    expect(sheet.range('A2:C7').values.map((row) => row[0])).toEqual(['00020', '00021', '', '', '', 'заметка']);
  });

  it('keeps columns that the person added, and calculates them for new rows too', async () => {
    const { block, sheet } = await written(rowsOf(2));
    const table = sheet.tables[0]!;
    table.addColumn(-1, undefined, 'С НДС');
    table.addColumn(1, undefined, 'Кому звонили');
    sheet.range('E2:E3').enter('=[@Сумма]*1.2');
    sheet.range('B2').enter('Ольга');
    const outcome = await refreshBlock(block, resultOf(shape, rowsOf(4, 7)), options);
    expect(sheet.range('A1:E1').values).toEqual([['Номер', 'Кому звонили', 'Дата', 'Сумма', 'С НДС']]);
    expect(sheet.range('A2:E5').formulas).toEqual([
      ['0007', 'Ольга', 46300, 7.5, '=[@Сумма]*1.2'],
      ['0008', '', 46300, 8.5, '=[@Сумма]*1.2'],
      ['0009', '', 46300, 9.5, '=[@Сумма]*1.2'],
      ['00010', '', 46300, 10.5, '=[@Сумма]*1.2'],
    ]);
    expect(outcome).toMatchObject({ notices: [{ ru: expect.stringContaining('Кому звонили') as string }] });
  });

  it('knows its columns under new headers, its table under a new name, and keeps both', async () => {
    const { block, sheet } = await written(rowsOf(2));
    sheet.range('A1').enter('Карта клиента');
    sheet.tables[0]!.name = 'Карты';
    sheet.name = 'Для встречи';
    const outcome = await refreshBlock(block, resultOf(shape, rowsOf(1, 5)), options);
    expect(outcome).toMatchObject({ state: 'written', block: { sheetName: 'Для встречи', tableName: 'Карты' } });
    expect(sheet.range('A1:A2').values).toEqual([['Карта клиента'], ['0005']]);
  });

  it('keeps the totals row at the end', async () => {
    const { block, sheet } = await written(rowsOf(2));
    sheet.tables[0]!.setShowTotals(true);
    sheet.range('A6').enter('ниже');
    await refreshBlock(block, resultOf(shape, rowsOf(4)), options);
    expect(sheet.tables[0]).toMatchObject({ showTotals: true, area: { rows: 6 } });
    expect(sheet.range('A5').values).toEqual([['0003']]);
    expect(sheet.used()?.rows).toBeGreaterThan(6);
  });

  it('is cancelled without a trace: the old rows stay', async () => {
    const { block, sheet } = await written(rowsOf(3));
    const before = sheet.range('A1:C4').values;
    const abort = new AbortController();
    const source = resultOf(shape, rowsOf(9, 50));
    const outcome = await refreshBlock(block, { ...source, readRows: (offset, limit) => (abort.abort(), source.readRows(offset, limit)) }, { ...options, signal: abort.signal });
    expect(outcome).toEqual({ state: 'cancelled', left: undefined });
    expect(sheet.range('A1:C4').values).toEqual(before);
    expect(host.workbook.worksheets.map(({ name }) => name)).toEqual(['Лист1', 'Карты Лента 2026-10', 'Откуда данные']);
  });

  it('keeps the old rows when the new ones cannot be read whole', async () => {
    const { block, sheet } = await written(rowsOf(3));
    const source = resultOf(shape, rowsOf(9, 50));
    await expect(refreshBlock(block, { ...source, readRows: (offset) => Promise.resolve(offset === 0 ? rowsOf(4, 50) : []) }, options)).rejects.toMatchObject({ code: 'internal', text: { ru: 'Результат пришёл не целиком: 4 строк из 9. Попробуйте ещё раз.' } });
    expect(sheet.range('A2').values).toEqual([['0000']]);
    expect(host.workbook.worksheets).toHaveLength(3);
  });

  it('refuses when another table stands in the way, and changes nothing', async () => {
    const { block, sheet } = await written(rowsOf(2));
    sheet.range('B5:E6').enter([['а', 'б', 'в', 'г'], [1, 2, 3, 4]]);
    sheet.addTable(sheet.range('B5:E6'), true);
    await expect(refreshBlock(block, resultOf(shape, rowsOf(9)), options)).rejects.toMatchObject({ code: 'conflict' });
    expect(sheet.range('A1:C3').values[2]?.[0]).toBe('0001');
    expect(sheet.tables[0]?.area.rows).toBe(3);
    expect(host.workbook.worksheets).toHaveLength(3);
  });

  it('refuses when the task has other columns now', async () => {
    const { block } = await written(rowsOf(2));
    await expect(refreshBlock(block, resultOf(columns('Номер:code', 'Дата:date:Date'), []), options)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('brings provenance up to date', async () => {
    const { block } = await written(rowsOf(2));
    await refreshBlock(block, resultOf(shape, rowsOf(4), { number: '49-001' }), options);
    const [found] = await findBlocks();
    expect(found).toMatchObject({ id: block.id, address: 'A1:C5', onActiveSheet: true, selected: true, record: { rows: 4, provenance: { number: '49-001' }, values: { partner: 12, issued: 'lastMonth' } } });
    expect(host.workbook.sheet('Откуда данные').range('D4:F5').values).toEqual([['49-001', 'Партнёр: Лента <&> "1"', '4'], ['', '', '']]);
  });

  it('finds no block whose table was deleted', async () => {
    const { sheet } = await written(rowsOf(2));
    sheet.tables[0]!.remove(false);
    expect(await findBlocks()).toEqual([]);
  });
});
