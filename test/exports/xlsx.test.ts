import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { Session } from 'chdb';
import ExcelJS from 'exceljs';
import { describe, expect, it } from 'vitest';
import type { ExportRequest, RowsOptions } from '../../backend/exports/index.ts';
import { writeXlsx } from '../../backend/exports/xlsx.ts';
import type { ResultColumn } from '../../shared/result.ts';
import { column, jsonLines, requestOf, resultOf } from './sample.ts';

type Value = string | number | boolean | null;

async function read(request: ExportRequest): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await buffer(writeXlsx(request))) as unknown as ExcelJS.Buffer);
  return workbook;
}

/** exceljs leaves `_xHHHH_` of inline strings as it stands in the file; Excel and LibreOffice decode it (ECMA-376, ST_Xstring). */
const decoded = (text: string): string => text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

function cellsOf(sheet: ExcelJS.Worksheet | undefined): Value[][] {
  if (!sheet) throw new Error('no such sheet');
  const rows: Value[][] = [];
  for (let row = 2; row <= sheet.rowCount; row++)
    rows.push(
      Array.from({ length: sheet.columnCount }, (_, index) => {
        const cell = sheet.getCell(row, index + 1);
        const value = cell.value;
        if (value instanceof Date) return value.toISOString();
        if (cell.type === ExcelJS.ValueType.String && typeof value === 'string') return decoded(value);
        return typeof value === 'object' ? null : (value as Value);
      }),
    );
  return rows;
}

const failure = async (stream: Readable): Promise<unknown> => buffer(stream).then(() => 'the file ended as if it were whole', (error: unknown) => error);

describe('a result as XLSX', () => {
  const columns = [
    column('card', 'code', 'String', 'Номер карты'),
    column('n', 'integer', 'UInt64', 'Число'),
    column('d', 'date', 'Date32', 'Дата'),
    column('t', 'datetime', "DateTime64(3, 'Europe/Moscow')", 'Время'),
    column('m', 'money', 'Decimal(38, 2)', 'Сумма'),
    column('f', 'flag', 'Bool', 'Прочитано'),
    column('s', 'text', 'Nullable(String)', 'Текст'),
    column('p', 'percent', 'Float64', 'Доля'),
  ];

  it('keeps every value with its type', async () => {
    const workbook = await read(
      requestOf([
        resultOf(columns, [
          ['4276123412341234567', '12', '2026-10-01', '2026-10-01 12:34:56.789', '1234567.50', true, 'Привет <b>&"\' № 😀', 0.153],
          ['0012', '999999999999999', '1900-03-01', '2026-03-29 02:30:00.000', '-0.10', false, 'C:\\dir/x "y"\nдве строки', -1e-9],
          [null, null, null, null, null, null, null, null],
        ]),
      ]),
    );
    expect(cellsOf(workbook.getWorksheet('Список'))).toEqual([
      ['4276123412341234567', 12, '2026-10-01T00:00:00.000Z', '2026-10-01T12:34:56.789Z', 1234567.5, true, 'Привет <b>&"\' № 😀', 0.153],
      ['0012', 999999999999999, '1900-03-01T00:00:00.000Z', '2026-03-29T02:30:00.000Z', -0.1, false, 'C:\\dir/x "y"\nдве строки', -1e-9],
      [null, null, null, null, null, null, null, null],
    ]);
  });

  it('keeps as text what an Excel number or date would damage', async () => {
    const workbook = await read(
      requestOf([
        resultOf(columns, [
          ['1', '18446744073709551615', '1900-02-28', '1899-12-31 23:59:59.000', '12345678901234567.89', true, '', 1],
          ['1', '1000000000000001', '0001-01-01', 'нет', '99999999999999.99', true, '', 1],
          ['1', '007', '2026-02-30', '2026-10-01 25:00:00.000', 'NaN', true, '', 1],
        ]),
      ]),
    );
    const cells = cellsOf(workbook.getWorksheet('Список')).map((row) => row.slice(1, 5));
    expect(cells).toEqual([
      ['18446744073709551615', '1900-02-28', '1899-12-31 23:59:59.000', '12345678901234567.89'],
      ['1000000000000001', '0001-01-01', 'нет', '99999999999999.99'],
      ['007', '2026-02-30', '2026-10-01 25:00:00.000', 'NaN'],
    ]);
    expect(workbook.getWorksheet('Список')?.getCell('B2').numFmt).toBe('@');
  });

  it('never makes a formula of data, also not when the cell is edited', async () => {
    const texts = ['=1+1', '+7 916 123-45-67', '-5', '@SUM(A1)', '=HYPERLINK("http://x","y")'];
    const workbook = await read(requestOf([resultOf([column('s', 'text', 'String')], texts.map((text) => [text]))]));
    const sheet = workbook.getWorksheet('Список');
    expect(cellsOf(sheet)).toEqual(texts.map((text) => [text]));
    for (let row = 2; row <= 6; row++) {
      expect(sheet?.getCell(row, 1).type).toBe(ExcelJS.ValueType.String);
      expect(sheet?.getCell(row, 1).numFmt).toBe('@');
    }
  });

  it('keeps unusual characters, and replaces only what is no character', async () => {
    const texts: [string, string][] = [
      ['\u0000\u0001\u001f', '\u0000\u0001\u001f'],
      ['a_x0041_b _x', 'a_x0041_b _x'],
      ['a\r\nb\tc', 'a\r\nb\tc'],
      ['  края  ', '  края  '],
      ['\u007f\u0085\ufeff\ufffe\uffff\ufffd', '\u007f\u0085\ufeff\ufffe\uffff\ufffd'],
      ['пара \ud83d\ude00 и половина \ud83d', 'пара 😀 и половина \ufffd'],
      ['\u2028\u202e', '\u2028\u202e'],
    ];
    const workbook = await read(requestOf([resultOf([column('s', 'text', 'String')], texts.map(([text]) => [text]))]));
    expect(cellsOf(workbook.getWorksheet('Список'))).toEqual(texts.map(([, kept]) => [kept]));
  });

  it('cuts text that no cell holds, with a mark, and says how often', async () => {
    const fits = 'я'.repeat(32_767);
    const workbook = await read(requestOf([resultOf([column('s', 'text', 'String')], [[fits], [`${fits}й`], [`${'x'.repeat(32_765)}😀y`]])]));
    const [whole, cut, pair] = cellsOf(workbook.getWorksheet('Список')).map(([value]) => String(value));
    expect(whole).toBe(fits);
    expect(cut).toBe(`${'я'.repeat(32_766)}…`);
    expect(pair).toBe(`${'x'.repeat(32_765)}…`);
    expect(JSON.stringify(workbook.getWorksheet('Откуда данные')?.getSheetValues())).toContain('обрезан (в конце стоит «…»): 2.');
  });

  it('mends text that is not UTF-8, and says so', async () => {
    const bytes = Buffer.concat([Buffer.from('["ok"]\n["'), Buffer.from([0xcf, 0xff, 0xed, 0xa0, 0x80]), Buffer.from('я"]\n')]);
    const workbook = await read(requestOf([resultOf([column('s', 'text', 'String')], [], { totalRows: 2, open: async () => Readable.from([bytes]) })]));
    expect(cellsOf(workbook.getWorksheet('Список'))).toEqual([['ok'], ['\ufffd\ufffd\ufffd\ufffd\ufffdя']]);
    expect(JSON.stringify(workbook.getWorksheet('Откуда данные')?.getSheetValues())).toContain('неверной кодировке');
  });

  it('is the same however the bytes are cut into chunks', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [`Ключ ${row} 😀`, String(row), '2026-10-01', '2026-10-01 00:00:01.5', '1.5', row % 2 === 0, row % 3 ? 'a\nb' : null, row / 7]);
    const whole = Buffer.from(jsonLines(rows));
    const cut = Array.from({ length: Math.ceil(whole.length / 7) }, (_, index) => whole.subarray(index * 7, index * 7 + 7));
    const files = await Promise.all([[whole], cut].map((chunks) => buffer(writeXlsx(requestOf([resultOf(columns, [], { totalRows: 40, open: async () => Readable.from(chunks) })])))));
    expect(files[1]?.equals(files[0] ?? Buffer.alloc(0))).toBe(true);
  });

  it('reads random rows back as they were, whichever way each of them is written', async () => {
    const pieces = ['a', 'Я', '😀', '<', '&', '>', '"', '\\', '/', '_', '_x0041_', ' ', '\n', '\t', '\u0007', '=', '-', '0', '\u00ef', '\uff5e', '𝒳', "'"];
    let seed = 7;
    const random = (below: number): number => ((seed = (seed * 48271) % 2147483647) % below);
    const word = (): string => Array.from({ length: random(9) }, () => pieces[random(pieces.length)]).join('');
    const rows = Array.from({ length: 3000 }, () => [word(), String(random(2_000_000_000) - 1_000_000_000), word(), random(2) === 0]);
    const cols = [column('a', 'text', 'String'), column('b', 'integer', 'Int64'), column('c', 'code', 'String'), column('d', 'flag', 'Bool')];
    const workbook = await read(requestOf([resultOf(cols, rows)]));
    const expected = rows.map(([a, b, c, d]) => [a === '' ? null : a, Number(b), c === '' ? null : c, d]);
    expect(cellsOf(workbook.getWorksheet('Список'))).toEqual(expected);
  });

  it('has a native table, a frozen header, widths and formats by language', async () => {
    const row = ['4276123412341234567', '12', '2026-10-01', '2026-10-01 12:34:56.789', '1.50', true, 'x'.repeat(40), 0.5];
    for (const language of ['ru', 'en'] as const) {
      const workbook = await read(requestOf([resultOf(columns, [row])], { language }));
      const sheet = workbook.worksheets[0];
      const day = language === 'ru' ? 'dd.mm.yyyy' : 'yyyy-mm-dd';
      const suffix = language === 'ru' ? '' : ' (en)';
      const names = columns.map(({ title }) => title[language]);
      expect(sheet?.getRow(1).values).toEqual([undefined, ...names]);
      expect(names[0]).toBe(`Номер карты${suffix}`);
      expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
      expect(['A2', 'C2', 'D2', 'E2', 'H2'].map((at) => sheet?.getCell(at).numFmt)).toEqual(['@', day, `${day} hh:mm:ss.000`, '#,##0.00', '0.0%']);
      expect(sheet?.getColumn(1).width).toBeGreaterThanOrEqual(19);
      expect(sheet?.getColumn(7).width).toBeGreaterThanOrEqual(40);
      const [table] = Object.values((sheet as unknown as { tables: Record<string, { table: Record<string, unknown> & { columns: { name: string }[] } }> }).tables);
      expect(table?.table).toMatchObject({ tableRef: 'A1:H2', autoFilterRef: 'A1:H2' });
      expect(table?.table.columns.map(({ name }) => name)).toEqual(names);
    }
  });

  it('gives table columns names that Excel accepts', async () => {
    const titles = ['Город', 'город', '', '', 'две\nстроки', 'х'.repeat(400), '=1+1', 'a_x0041_'];
    const workbook = await read(requestOf([resultOf(titles.map((title, index) => column(`c${index}`, 'text', 'String', title)), [])]));
    const names = (workbook.worksheets[0]?.getRow(1).values as string[]).slice(1);
    expect(names.slice(0, 5)).toEqual(['Город', 'город (2)', '3', '4', 'две строки']);
    expect(names[5]?.length).toBeLessThanOrEqual(255);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(8);
  });

  it('has a sheet for each result, with names that Excel accepts', async () => {
    const titles = ['Карты: Лента/2026 [все]?', 'карты лента 2026 все', 'History', "'", 'ю'.repeat(40), 'ю'.repeat(40)];
    const results = titles.map((title) => resultOf([column('a', 'text', 'String')], [['x']], { title: { ru: title, en: title } }));
    const names = (await read(requestOf(results))).worksheets.map(({ name }) => name);
    expect(names).toEqual(['Карты Лента 2026 все', 'карты лента 2026 все (2)', 'History (2)', 'Tasksheet', 'ю'.repeat(31), `${'ю'.repeat(27)} (2)`, 'Откуда данные']);
  });

  it('holds a result without rows, and one with a single column', async () => {
    const workbook = await read(requestOf([resultOf(columns, []), resultOf([column('a', 'integer', 'UInt8')], [[1], [2]])]));
    expect(workbook.worksheets[0]?.getRow(1).cellCount).toBe(8);
    expect(cellsOf(workbook.worksheets[0])).toEqual([]);
    expect(cellsOf(workbook.worksheets[1])).toEqual([[1], [2]]);
  });

  it('reads sheets that are declared too large for plain zip (zip64)', async () => {
    const workbook = await read(requestOf([resultOf([column('a', 'text', 'String')], [['x'], ['y']], { bytes: 5e9 })]));
    expect(cellsOf(workbook.worksheets[0])).toEqual([['x'], ['y']]);
  });

  it('says where the data comes from, in the time of the company', async () => {
    const workbook = await read(requestOf([resultOf(columns, [], { notices: [{ ru: 'Одинаковые столбцы пронумерованы.', en: 'Equal columns are numbered.' }] })]));
    const rows = (workbook.getWorksheet('Откуда данные')?.getSheetValues() as (string[] | undefined)[]).filter(Boolean).map((row) => row?.slice(1).join(': '));
    expect(rows).toEqual([
      'Карты партнёра',
      'Номер запуска: № 48-213',
      'Партнёр: Лента',
      'Данные по: 21.11.2026 23:00',
      'Когда: 21.11.2026 23:59',
      'Кто запустил: Мария Иванова',
      'Задача: partner-cards',
      'Версия: 3f1c9a',
      'Внимание: Одинаковые столбцы пронумерованы.',
      'Строк — Список: 0',
    ]);
  });

  it('tells a partner nothing internal', async () => {
    const request = requestOf([resultOf([column('internal_name', 'text', 'String', 'Город')], [['Москва']], { notices: [{ ru: 'внутреннее', en: 'internal' }] })], {
      partner: { title: 'Карты Лента', period: '1–31 октября 2026' },
    });
    const workbook = await read(request);
    const rows = (workbook.getWorksheet('О данных')?.getSheetValues() as (string[] | undefined)[]).filter(Boolean).map((row) => row?.slice(1).join(': '));
    expect(rows).toEqual(['Карты Лента', 'Период: 1–31 октября 2026', 'Данные по: 21.11.2026 23:00', 'Номер запуска: № 48-213', 'Строк — Список: 1']);
    const model = JSON.stringify(workbook.model);
    for (const secret of ['partner-cards', 'Мария', '3f1c9a', 'internal_name', 'внутреннее', 'Tasksheet']) expect(model).not.toContain(secret);
  });
});

describe('a result that does not fit on one sheet', () => {
  it('continues on the next one and says so', async () => {
    const rows = 1_048_576;
    const lines = function* (): Generator<Buffer> {
      for (let from = 0; from < rows; from += 65_536) yield Buffer.from(Array.from({ length: 65_536 }, (_, index) => `[${from + index}]\n`).join(''));
    };
    const file = writeXlsx(requestOf([resultOf([column('n', 'integer', 'UInt32', 'Номер')], [], { totalRows: rows, open: async () => Readable.from(lines()) })]));
    const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, { worksheets: 'emit', sharedStrings: 'ignore', styles: 'ignore', hyperlinks: 'ignore', entries: 'ignore' });
    const sheets: { rows: number; last: unknown; sum: number }[] = [];
    for await (const sheet of reader) {
      const seen = { rows: 0, last: null as unknown, sum: 0 };
      for await (const row of sheet) {
        seen.rows++;
        seen.last = row.getCell(1).value;
        seen.sum += typeof seen.last === 'number' ? seen.last : 0;
      }
      sheets.push(seen);
    }
    expect(sheets.slice(0, 2)).toEqual([
      { rows: 1_048_576, last: 1_048_574, sum: (1_048_574 * 1_048_575) / 2 },
      { rows: 2, last: 1_048_575, sum: 1_048_575 },
    ]);
  });
});

describe('a file that cannot be whole', () => {
  const columns = [column('a', 'text', 'String'), column('b', 'integer', 'UInt32')];
  const rows = Array.from({ length: 20_000 }, (_, index) => [`строка ${index}`, index]);
  const streaming = (open: () => Promise<Readable>, totalRows = rows.length): ExportRequest => requestOf([resultOf(columns, [], { totalRows, open })]);

  it.each([
    ['the rows fail in the middle', async () => Readable.from((async function* () { yield Buffer.from(jsonLines(rows.slice(0, 9000))); throw new Error('engine gone'); })())],
    ['the rows end early without an error', async () => Readable.from([Buffer.from(jsonLines(rows.slice(0, 19_999)))])],
    ['the last row is torn', async () => Readable.from([Buffer.from(jsonLines(rows)).subarray(0, -5)])],
    ['more rows come than there are', async () => Readable.from([Buffer.from(jsonLines([...rows, ['x', 1]]))])],
    ['the stream is destroyed without a word', async () => { const stream = new Readable({ read() { this.push(jsonLines(rows.slice(0, 100))); this.destroy(); } }); return stream; }],
    ['the rows cannot be opened', () => Promise.reject(new Error('no engine'))],
  ])('fails with a Problem when %s', async (_, open) => {
    expect(await failure(writeXlsx(streaming(open)))).toMatchObject({ name: 'Problem', code: 'interrupted' });
  });

  it.each([
    ['a row has too few values', '["x"]\n'],
    ['a row has too many values', '["x",1,2]\n'],
    ['a row is no JSON', '["x\n'],
    ['an error message stands among the rows', 'Code: 241. DB::Exception: Memory limit exceeded\n'],
    ['a long integer came as a bare number, which JSON would round', '["\\n",12345678901234567890]\n'],
  ])('fails with a Problem when %s', async (_, line) => {
    const open = async (): Promise<Readable> => Readable.from([Buffer.from(jsonLines(rows.slice(0, 10))), Buffer.from(line)]);
    expect(await failure(writeXlsx(streaming(open, 11)))).toMatchObject({ name: 'Problem', code: line.includes('123456') ? 'internal' : 'interrupted' });
  });

  it('stops reading rows when it is cancelled', async () => {
    const stop = new AbortController();
    let closed = false;
    const endless = new Readable({
      read() {
        this.push(jsonLines(rows));
      },
      destroy(error, done) {
        closed = true;
        done(error);
      },
    });
    const file = writeXlsx({ ...streaming(async () => endless, 1e6), signal: stop.signal });
    file.once('data', () => stop.abort());
    expect(await failure(file)).toMatchObject({ name: 'Problem', code: 'interrupted' });
    expect(closed).toBe(true);
  });

  it('holds the rows back while nobody reads the file, and lets go of them when its reader leaves', async () => {
    let pushed = 0;
    const endless = new Readable({
      read() {
        pushed++;
        this.push(jsonLines(rows));
      },
    });
    const file = writeXlsx(streaming(async () => endless, 1e9));
    let before = -1;
    while (pushed > before || pushed === 0) {
      before = pushed;
      await wait(500);
    }
    expect(pushed).toBeLessThan(200);
    file.destroy();
    await new Promise((closed) => file.once('close', closed));
    expect(endless.destroyed).toBe(true);
  });
});

it('draws the chart of the task natively, over the cells of the table', async () => {
  const columns = [column('day', 'date', 'Date', 'День'), column('read', 'integer', 'UInt32', 'Прочли')];
  const chart = { kind: 'column' as const, x: 'day', y: ['read', 'left-out'] };
  const file = await buffer(writeXlsx(requestOf([resultOf(columns, [['2026-10-01', 5]], { chart })])));
  const drawn = zipText(file, 'xl/charts/chart1.xml');
  expect(drawn.match(/<c:f>[^<]*<\/c:f>/g)).toEqual(["<c:f>'Список'!$B$1</c:f>", "<c:f>'Список'!$A$2:$A$2</c:f>", "<c:f>'Список'!$B$2:$B$2</c:f>"]);
  const withoutX = await buffer(writeXlsx(requestOf([resultOf(columns, [['2026-10-01', 5]], { chart: { ...chart, x: 'left-out' } })])));
  expect(withoutX.toString('latin1')).not.toContain('xl/charts');
});

/** A part whose sizes stand in its local header (APPNOTE 4.3.7). */
function zipText(file: Buffer, name: string): string {
  const at = file.indexOf(name) - 30;
  const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
  return inflateRawSync(file.subarray(start, start + file.readUInt32LE(at + 18))).toString('utf8');
}

it('takes the rows as the real engine writes them, whatever their type', async () => {
  const stored: [string, ResultColumn['type'], string, string, Value][] = [
    ['wide', 'code', 'UInt128', "'170141183460469231731687303715884105728'", '170141183460469231731687303715884105728'],
    ['number', 'integer', 'Int64', '-42', -42],
    ['long', 'integer', 'UInt64', '18446744073709551615', '18446744073709551615'],
    ['sum', 'money', 'Nullable(Decimal(38, 4))', "'12345.6700'", 12345.67],
    ['float', 'decimal', 'Float64', '1e-7', 1e-7],
    ['nan', 'decimal', 'Float64', 'nan', null],
    ['day', 'date', 'Date32', "'2199-12-31'", '2199-12-31T00:00:00.000Z'],
    ['moment', 'datetime', "DateTime64(3, 'Europe/Moscow')", "'2026-10-01 00:00:00.250'", '2026-10-01T00:00:00.250Z'],
    ['flag', 'flag', 'Bool', 'true', true],
    ['list', 'text', 'Array(String)', "['a/b', 'c']", "['a/b','c']"],
    ['text', 'link', 'LowCardinality(String)', "'https://x.example/?a=1&b=\\'\\\\\\''", "https://x.example/?a=1&b='\\'"],
  ];
  const columns = stored.map(([name, type, engineType]) => column(name, type, engineType));
  const session = new Session();
  const open = async ({ select, settings, format }: RowsOptions): Promise<Readable> => {
    const inner = stored.map(([name, , engineType, value]) => `CAST(${value} AS ${engineType}) AS ${name}`);
    const set = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
    return Readable.from([Buffer.from(session.query(`SELECT ${select.map(({ expression, name }) => `${expression} AS ${name}`).join(', ')} FROM (SELECT ${inner.join(', ')}) SETTINGS ${set.join(', ')}`, format))]);
  };
  const workbook = await read(requestOf([resultOf(columns, [], { totalRows: 1, open })]));
  session.cleanup();
  expect(cellsOf(workbook.worksheets[0])).toEqual([stored.map(([, , , , shown]) => shown)]);
});
