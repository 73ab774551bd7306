import { beforeEach, describe, expect, it } from 'vitest';
import { planWrite, writeBlock, type Place, type WriteOptions, type WriteOutcome, type WritePlan } from '../../addin/sheet/index.ts';
import { Problem } from '../../shared/problem.ts';
import type { Cell } from '../../shared/result.ts';
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

async function write(source: ReturnType<typeof resultOf>, place: Place = { kind: 'newSheet' }, more: Partial<WriteOptions> & { overwrite?: boolean } = {}): Promise<WriteOutcome> {
  return writeBlock(source, place, { ...options, ...more });
}

function sheetNames(): string[] {
  return host.workbook.worksheets.map(({ name }) => name);
}

const file = 'Карты Лента 2026-10';

describe('the shape of what is written', () => {
  it('makes a column text as a whole when one number has more than 15 digits, and says so', async () => {
    const rows: Cell[][] = Array.from({ length: 3000 }, (_row, index) => [index === 2900 ? '1234567890123456.78' : '1.50', index]);
    const outcome = await write(resultOf(columns('Остаток:decimal:Decimal(38, 2)', 'n:integer:UInt32'), rows));
    expect(outcome).toMatchObject({ state: 'written', notices: [{ ru: 'Записано текстом, чтобы не потерять цифры (Excel хранит только 15): «Остаток».' }] });
    const sheet = host.workbook.sheet(file);
    expect(sheet.range('A2:B2').values).toEqual([['1.50', 0]]);
    expect(sheet.range('A2902:A3001').values[0]).toEqual(['1234567890123456.78']);
    expect(sheet.cells.used({ row: 0, column: 0, rows: 9000, columns: 9 })).toMatchObject({ rows: 3001, columns: 2 });
    expect(host.workbook.changes).toEqual([]);
  });

  it('cuts a text longer than a cell holds, marks it and says how many', async () => {
    const outcome = await write(resultOf(columns('Текст:text'), [['я'.repeat(32_768)], ['я'.repeat(32_767)]]));
    const values = host.workbook.sheet(file).range('A2:A3').values.map(([value]) => String(value));
    expect(values.map((value) => [value.length, value.at(-1)])).toEqual([[32_767, '…'], [32_767, 'я']]);
    expect(outcome).toMatchObject({ notices: [{ ru: expect.stringContaining(': 1.') as string }] });
  });

  it('gives every column a filled title unlike the others', async () => {
    await write(resultOf(columns('Город', 'город', '', '2026', '1/2', '  Город (2)'), [['а', 'б', 'в', 'г', 'д', 'е']]));
    expect(host.workbook.sheet(file).tables[0]?.columns.map(({ name }) => name)).toEqual(['Город', 'город (2)', '3', '2026', '1/2', 'Город (2) (2)']);
    expect(host.workbook.changes).toEqual([]);
  });

  it('writes a result without rows as a table with one empty row', async () => {
    const outcome = await write(resultOf(columns('a', 'b'), []));
    expect(outcome).toMatchObject({ state: 'written', block: { address: 'A1:B2' } });
  });

  it('keeps what Excel cannot hold as a date, and what is no number, as text', async () => {
    await write(resultOf(columns('Рождён:date:Date32', 'Доля:decimal:Float64'), [['1899-12-31', 'nan'], ['1900-02-28', '-inf'], ['1900-03-01', 0.1]]));
    expect(host.workbook.sheet(file).range('A2:B4').values).toEqual([['1899-12-31', 'nan'], ['1900-02-28', '-inf'], [61, 0.1]]);
    expect(host.workbook.changes).toEqual([]);
  });

  it.each([1499, 1500, 1501, 3001])('keeps empty cells at the end of %i rows in the table', async (count) => {
    const rows: Cell[][] = Array.from({ length: count }, (_row, index) => [index < count - 11 ? 'x' : null]);
    await write(resultOf(columns('a'), rows));
    expect(host.workbook.sheet(file).tables[0]?.area.rows).toBe(count + 1);
  });

  it('sends rows in requests of one to two megabytes, each below what Excel takes', async () => {
    const rows: Cell[][] = Array.from({ length: 20_000 }, (_row, index) => [`Строка номер ${index} ${'длинный текст '.repeat(10)}`, String(index)]);
    const source = resultOf(columns('Текст:text', 'n:integer:Int64'), rows);
    const progress: number[] = [];
    await write(source, { kind: 'newSheet' }, { onProgress: ({ rows: done }) => progress.push(done) });
    const { data, others } = host.count();
    expect(data).toBeLessThanOrEqual(Math.ceil(source.result.bytes / 1_600_000));
    expect(others).toBeLessThanOrEqual(6);
    expect(Math.max(...host.syncs.map(({ bytes }) => bytes))).toBeLessThan(2_000_000);
    expect(progress.at(-1)).toBe(20_000);
    expect(progress.length).toBeGreaterThan(2);
  });

  it('writes rows that are larger than a request', async () => {
    const wide = Array.from({ length: 120 }, (_cell, index) => `${index}${'ж'.repeat(32_000)}`);
    await write(resultOf(columns(...wide.map((_cell, index) => `c${index}`)), [wide, wide]));
    expect(host.workbook.sheet(file).range('A2').with({ row: 2, columns: 120 }).values).toEqual([wide]);
    expect(host.syncs.every(({ refused }) => refused === undefined)).toBe(true);
  });

  it('draws the chart of the task beside the table', async () => {
    const chart = { kind: 'column' as const, x: 'column_1', y: ['column_2', 'column_3'] };
    await write(resultOf(columns('День:date:Date', 'Получили:integer:UInt64', 'Прочли:integer:UInt64'), [['2026-10-01', '10', '5'], ['2026-10-02', '20', '9']], { chart }));
    const [drawn] = host.workbook.sheet(file).charts;
    expect({ kind: drawn?.kind, title: drawn?.title, from: drawn?.position?.from.address }).toEqual({ kind: 'ColumnClustered', title: 'Карты партнёра', from: "'Карты Лента 2026-10'!E1" });
    expect(drawn?.series.map(({ name, values, categories }) => [name, values?.values.flat(), categories?.address.split('!')[1]])).toEqual([
      ['Получили', [10, 20], 'A2:A3'],
      ['Прочли', [5, 9], 'A2:A3'],
    ]);
  });

  it('speaks English to those who do', async () => {
    await write(resultOf(columns('Дата:date:Date', 'Да:flag'), [['2026-10-05', true]]), { kind: 'newSheet' }, { language: 'en' });
    const sheet = host.workbook.sheet(file);
    expect(sheet.range('A1:B1').values).toEqual([['Дата en', 'Да en']]);
    expect(sheet.text(1, 0)).toBe('2026-10-05');
    expect(sheetNames()).toContain('Data source');
  });
});

describe('the place', () => {
  it('names a new sheet after the file in the rules of Excel, unlike those that are there', async () => {
    openExcel(new Workbook({ sheets: ['Лист1', 'карты  лента', "Отчёт 'Пуш' 1_2 2026-10-01 и оч"] }));
    const plan = (fileName: string): Promise<WritePlan> => planWrite(resultOf(columns('a'), [['x']], { fileName }), { kind: 'newSheet' }, options);
    expect(await plan('Карты: Лента')).toMatchObject({ sheetName: 'Карты Лента' });
    expect(await plan('лист1')).toMatchObject({ sheetName: 'лист1 (2)' });
    expect(await plan("'[]:*?/\\'")).toMatchObject({ sheetName: 'Tasksheet' });
    expect(await plan('Журнал')).toMatchObject({ sheetName: 'Журнал (2)' });
    expect(await plan('Очень длинное название файла, которое не поместится')).toMatchObject({ sheetName: 'Очень длинное название файла, к' });
  });

  it('gives tables of one workbook different names', async () => {
    await write(resultOf(columns('a'), [['x']]));
    await write(resultOf(columns('a'), [['x']]));
    expect(host.workbook.tables.map(({ name }) => name)).toEqual(['Tasksheet_partner_cards', 'Tasksheet_partner_cards_2']);
    expect(sheetNames()).toEqual(['Лист1', file, 'Откуда данные', `${file} (2)`]);
    expect(host.workbook.sheet('Откуда данные').range('B4:B5').values).toEqual([['Tasksheet_partner_cards'], ['Tasksheet_partner_cards_2']]);
  });

  it('starts at the selected cell', async () => {
    host.workbook.selection = host.workbook.activeSheet.range('C5:D9');
    expect(await write(resultOf(columns('a', 'b'), [['x', 'y']]), { kind: 'cell' })).toMatchObject({ state: 'written', block: { sheetName: 'Лист1', address: 'C5:D6' } });
    expect(host.workbook.activeSheet.frozenRows).toBe(0);
  });

  it("never writes over a person's cells unasked", async () => {
    const sheet = host.workbook.activeSheet;
    sheet.range('B3').enter('моё');
    const source = resultOf(columns('a', 'b'), [['1', '2'], ['3', '4']]);
    expect(await planWrite(source, { kind: 'cell', address: 'Лист1!A1' }, options)).toEqual({ state: 'occupied', sheetName: 'Лист1', address: 'A1:B3', filledCells: 1, tables: [], choices: ['overwrite', 'newSheet'] });
    await expect(write(source, { kind: 'cell', address: 'Лист1!A1' })).rejects.toMatchObject({ code: 'conflict' });
    expect(sheet.range('B3').values).toEqual([['моё']]);
    expect(await write(source, { kind: 'cell', address: 'Лист1!A1' }, { overwrite: true })).toMatchObject({ state: 'written' });
    expect(sheet.range('A2:B3').values).toEqual([['1', '2'], ['3', '4']]);
  });

  it('never writes over a table, also when told to', async () => {
    await write(resultOf(columns('a', 'b'), [['1', '2']]), { kind: 'cell', address: 'Лист1!B2' });
    const source = resultOf(columns('x', 'y'), [['5', '6']]);
    expect(await planWrite(source, { kind: 'cell', address: 'A1' }, options)).toMatchObject({ state: 'occupied', tables: ['Tasksheet_partner_cards'], choices: ['newSheet'] });
    await expect(write(source, { kind: 'cell', address: 'A1' }, { overwrite: true })).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    ['1,048,576 rows', { rows: 1_048_576, columns: columns('a') }, '1 048 575'],
    ['over five million cells', { rows: 600_000, columns: columns(...Array.from({ length: 10 }, (_c, index) => `c${index}`)) }, '6 000 010'],
    ['16,385 columns', { rows: 1, columns: columns(...Array.from({ length: 16_385 }, (_c, index) => `c${index}`)) }, '16 384'],
  ])('refuses %s before it writes and offers the file', async (_what, size, figure) => {
    const source = resultOf(columns('a'), []);
    const large = { ...source, result: { ...source.result, ...size } };
    const plan = await planWrite(large, { kind: 'newSheet' }, options);
    if (plan.state !== 'tooLarge') throw new Error(plan.state);
    expect(plan.problem).toMatchObject({ code: 'too_large', text: { ru: expect.stringContaining('Скачайте файл XLSX') as string } });
    expect(plan.problem.text.ru.replace(/\s/g, ' ')).toContain(figure);
    await expect(write(large)).rejects.toMatchObject({ code: 'too_large' });
    expect(sheetNames()).toEqual(['Лист1']);
  });

  it('refuses a place too low for the rows', async () => {
    expect(await planWrite(resultOf(columns('a'), [['1'], ['2']]), { kind: 'cell', address: 'A1048575' }, options)).toMatchObject({ state: 'tooLarge' });
  });

  it("leaves a person's own sheet named like ours in peace", async () => {
    openExcel(new Workbook({ sheets: ['Лист1', 'Откуда данные'] }));
    host.workbook.sheet('Откуда данные').range('A1').enter('моё');
    await write(resultOf(columns('a'), [['x']]));
    expect(host.workbook.sheet('Откуда данные').range('A1').values).toEqual([['моё']]);
    expect(sheetNames()).toContain('Откуда данные (2)');
  });
});

describe('when it does not go well', () => {
  const many: Cell[][] = Array.from({ length: 30_000 }, (_row, index) => [`строка ${index} ${'x'.repeat(150)}`]);

  it('stops between chunks when cancelled and takes away what it wrote', async () => {
    const abort = new AbortController();
    const outcome = await write(resultOf(columns('a'), many), { kind: 'newSheet' }, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(outcome).toEqual({ state: 'cancelled', left: undefined });
    expect(sheetNames()).toEqual(['Лист1']);
    expect(host.count().data).toBe(1);
  });

  it('clears only its own cells when it was cancelled beside others', async () => {
    host.workbook.activeSheet.range('D1').enter('моё');
    const abort = new AbortController();
    await write(resultOf(columns('a'), many), { kind: 'cell', address: 'A1' }, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(host.workbook.activeSheet.used()).toEqual({ row: 0, column: 3, rows: 1, columns: 1 });
  });

  it('takes away what it wrote when the rows stop coming', async () => {
    const source = resultOf(columns('a'), many);
    const readRows: typeof source.readRows = (offset, limit) => (offset > 0 ? Promise.reject(new Problem('result_expired', { ru: 'Результат удалён.', en: 'The result is gone.' })) : source.readRows(offset, limit));
    await expect(write({ ...source, readRows })).rejects.toMatchObject({ code: 'result_expired' });
    expect(sheetNames()).toEqual(['Лист1']);
  });

  it('never takes a short answer for the whole result', async () => {
    const source = resultOf(columns('a'), many);
    await expect(write({ ...source, readRows: (offset) => Promise.resolve(offset === 0 ? many.slice(0, 100) : []) })).rejects.toMatchObject({ code: 'internal', text: { en: 'The result came incomplete: 100 rows of 30000. Try again.' } });
    expect(sheetNames()).toEqual(['Лист1']);
  });

  it('takes the table away when Excel refuses the last step', async () => {
    host.beforeSync = (number) => {
      if (number === 3) host.workbook.names.set('tasksheet_partner_cards', { name: 'Tasksheet_partner_cards', formula: '=1', visible: false });
    };
    await expect(write(resultOf(columns('a'), [['x']]))).rejects.toMatchObject({ code: 'internal', text: { ru: expect.stringContaining('InvalidArgument') as string } });
    expect(sheetNames()).toEqual(['Лист1']);
  });

  it('says what a protected workbook needs', async () => {
    host.workbook.structureLocked = true;
    await expect(write(resultOf(columns('a'), [['x']]))).rejects.toMatchObject({ code: 'not_allowed' });
    expect(await write(resultOf(columns('a'), [['x']]), { kind: 'cell' })).toMatchObject({ state: 'written' });
  });

  it('does not wait for ever when Excel is stuck', async () => {
    host.beforeSync = (number) => (number === 2 ? new Promise(() => undefined) : undefined);
    await expect(write(resultOf(columns('a'), [['x']]), { kind: 'newSheet' }, { syncSeconds: 0.2 })).rejects.toMatchObject({ code: 'time_limit' });
  });
});
