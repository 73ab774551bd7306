import { beforeEach, describe, expect, it } from 'vitest';
import { planWrite, writeBlock, type WriteOptions } from '../../addin/sheet/index.ts';
import { loadOfficeInNode, ExcelHost, serialOf, Workbook } from '../excel-host/index.ts';
import { columns, resultOf } from './sample-result.ts';

const options: WriteOptions = { language: 'ru', timeZone: 'Europe/Moscow' };
let host: ExcelHost;

function openExcel(workbook = new Workbook()): void {
  host = new ExcelHost(workbook);
  Object.assign(globalThis, { Excel: loadOfficeInNode(host).Excel });
}

beforeEach(() => openExcel());

describe('writing a result to the sheet', () => {
  it('keeps long digits, leading zeros, dates, Cyrillic, formulas and phones as they were', async () => {
    const source = resultOf(columns('Номер:code', 'Штрихкод:code', 'Выпущена:date:Date', 'Имя:text', 'Заметка:text', 'Телефон:code', 'Сумма:money:Decimal(18, 2)', 'Шт:integer:Int64', 'Вход:datetime', 'Да:flag'), [
      ['9643000000000000017', '0012345', '2026-10-05', 'Ёжик «Ъ»', '=HYPERLINK("http://x")', '+79161234567', '12345.50', '42', '2026-10-05 23:59:59', true],
      ['0000000000000000001', '1/2', '1970-01-01', '1.5', '@x', '-1', '0.01', null, null, false],
    ]);
    const outcome = await writeBlock(source, { kind: 'newSheet' }, options);
    expect(outcome.state).toBe('written');
    const cells = host.workbook.sheet('Карты Лента 2026-10').range('A1:J3');
    expect(cells.values).toEqual([
      ['Номер', 'Штрихкод', 'Выпущена', 'Имя', 'Заметка', 'Телефон', 'Сумма', 'Шт', 'Вход', 'Да'],
      ['9643000000000000017', '0012345', 46300, 'Ёжик «Ъ»', '=HYPERLINK("http://x")', '+79161234567', 12345.5, 42, 46300.9999884259, true],
      ['0000000000000000001', '1/2', serialOf(1970, 1, 1), '1.5', '@x', '-1', 0.01, '', '', false],
    ]);
    expect(cells.text[1]?.[2]).toBe('05.10.2026');
    expect(cells.text[1]?.[8]).toBe('05.10.2026 23:59:59');
    expect(cells.formulas[1]?.[4]).toBe('=HYPERLINK("http://x")');
    expect(host.workbook.changes).toEqual([]);
    expect(host.unknownCalls).toEqual([]);
  });

  it('makes a native table with a frozen header and keeps where the data comes from', async () => {
    const source = resultOf(columns('Номер:code', 'Город:text'), [['1', 'Тверь']]);
    const outcome = await writeBlock(source, { kind: 'newSheet' }, options);
    if (outcome.state !== 'written') throw new Error(outcome.state);
    const sheet = host.workbook.sheet(outcome.block.sheetName);
    expect(sheet.tables.map(({ name, area, columns: all }) => ({ name, area, titles: all.map((column) => column.name) }))).toEqual([
      { name: 'Tasksheet_partner_cards', area: { row: 0, column: 0, rows: 2, columns: 2 }, titles: ['Номер', 'Город'] },
    ]);
    expect(sheet.frozenRows).toBe(1);
    expect(host.workbook.activeSheet).toBe(sheet);
    expect(host.workbook.sheet('Откуда данные').range('A4:J4').values[0]).toEqual([
      'Карты Лента 2026-10',
      'Tasksheet_partner_cards',
      'Карты партнёра',
      '48-213',
      'Партнёр: Лента <&> "1"',
      '1',
      '21.11.2026 23:59',
      '22.11.2026 12:00',
      'maria@company.example',
      'a1b2c3',
    ]);
    expect(host.workbook.customXmlParts).toHaveLength(1);
  });

  it('plans without writing', async () => {
    const plan = await planWrite(resultOf(columns('a'), [['x']]), { kind: 'newSheet' }, options);
    expect(plan).toEqual({ state: 'ready', sheetName: 'Карты Лента 2026-10', address: 'A1' });
    expect(host.workbook.worksheets.map(({ name }) => name)).toEqual(['Лист1']);
  });
});
