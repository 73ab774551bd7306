import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Session } from 'chdb';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excelCsv } from '../../backend/exports/csv.ts';
import { exportFormats, type ExportedResult, type RowsOptions } from '../../backend/exports/index.ts';
import { systemsCsv } from '../../backend/exports/csv-systems.ts';
import type { ColumnType, ResultColumn } from '../../shared/result.ts';
import { column, requestOf, resultOf } from './sample.ts';

/** Not `text` of node:stream/consumers, which drops the byte order mark. */
const text = async (file: Readable): Promise<string> => (await buffer(file)).toString('utf8');

let session: Session;
beforeAll(() => {
  session = new Session();
});
afterAll(() => session.cleanup());

/** As the workbench does it: our expressions over a stored table, in the order of its rows. */
function fromEngine(table: string, { format, select, settings }: RowsOptions): string {
  const columns = select.map(({ expression, name }) => `${expression} AS \`${name.replace(/[\\`]/g, '\\$&')}\``);
  const values = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  return session.query(`SELECT ${columns.join(', ')} FROM ${table} SETTINGS ${values.join(', ')}`, format);
}

const stored: [string, ColumnType, string, string][] = [
  ['card', 'code', 'String', "'0042761234'"],
  ['n', 'integer', 'Nullable(Int64)', '-9223372036854775808'],
  ['m', 'money', 'Decimal(18, 2)', "'1234567.50'"],
  ['p', 'percent', 'Float64', '0.153'],
  ['d', 'date', 'Nullable(Date32)', "'2026-10-01'"],
  ['t', 'datetime', "DateTime64(3, 'Europe/Moscow')", "'2026-10-01 12:34:56.789'"],
  ['u', 'datetime', "Nullable(DateTime('Europe/Moscow'))", "'2026-10-01 02:03:04'"],
  ['f', 'flag', 'Nullable(Bool)', 'true'],
  ['s', 'text', 'LowCardinality(Nullable(String))', `'Кофе; "чай", сок\\nвода'`],
  ['e', 'text', "Enum8('=a' = 1)", "'=a'"],
  ['a', 'text', 'Array(String)', "['x', '=y']"],
  ['declared', 'date', 'String', "'=2026'"],
];
const columns = stored.map(([name, type, engineType]) => column(name, type, engineType, `Столбец ${name}`));
const table = `(SELECT ${stored.map(([name, , engineType, value]) => `CAST(${value} AS ${engineType}) AS ${name}`).join(', ')})`;
const rest = (parsed: Papa.ParseResult<string[]>): string[][] => parsed.data.slice(1);

describe('CSV for Excel', () => {
  const parse = (columns_: ResultColumn[], from: string, language: 'ru' | 'en'): Papa.ParseResult<string[]> => {
    const { prefix, ...options } = excelCsv(columns_, language);
    const whole = prefix + fromEngine(from, options);
    expect(whole.startsWith('\ufeff')).toBe(true);
    return Papa.parse<string[]>(whole.slice(1), { delimiter: language === 'ru' ? ';' : ',', newline: '\r\n', skipEmptyLines: true });
  };

  it('follows the habits of a Russian Excel', () => {
    const parsed = parse(columns, table, 'ru');
    expect(parsed.errors).toEqual([]);
    expect(parsed.data).toEqual([
      stored.map(([name]) => `Столбец ${name}`),
      ['0042761234', '-9223372036854775808', '1234567,5', '0,153', '01.10.2026', '01.10.2026 12:34:56,789', '01.10.2026 02:03:04', 'да', 'Кофе; "чай", сок\nвода', "'=a", "['x','=y']", "'=2026"],
    ]);
  });

  it('follows the habits of an English Excel', () => {
    expect(rest(parse(columns, table, 'en'))).toEqual([
      ['0042761234', '-9223372036854775808', '1234567.5', '0.153', '2026-10-01', '2026-10-01 12:34:56.789', '2026-10-01 02:03:04', 'yes', 'Кофе; "чай", сок\nвода', "'=a", "['x','=y']", "'=2026"],
    ]);
  });

  it('leaves cells without a value empty', () => {
    const nullable = columns.filter(({ engineType }) => engineType.includes('Nullable'));
    const from = `(SELECT ${nullable.map(({ name, engineType }) => `CAST(NULL AS ${engineType}) AS ${name}`).join(', ')})`;
    for (const language of ['ru', 'en'] as const) expect(rest(parse(nullable, from, language))).toEqual([nullable.map(() => '')]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['=cmd|\' /C calc\'!A0', "'=cmd|' /C calc'!A0"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['+7-916-123-45-67', "'+7-916-123-45-67"],
    ['+1 + 1', "'+1 + 1"],
    ['-1,5', '-1,5'],
    ['+1.5e-7', '+1.5e-7'],
    ['-', '-'],
    ['+79161234567', '+79161234567'],
    ['+7 916 123-45-67', '+7 916 123-45-67'],
    ['+7 (916) 123-45-67', '+7 (916) 123-45-67'],
    ['1=1', '1=1'],
    ["'=1", "'=1"],
    ['', ''],
  ])('guards %j as %j', (value, shown) => {
    const encoded = `unhex('${Buffer.from(value).toString('hex')}')`;
    for (const type of ['text', 'code', 'link'] as const)
      expect(fromEngine(`(SELECT ${encoded} AS s)`, excelCsv([column('s', type, 'String')], 'ru'))).toBe(`"${shown.replaceAll('"', '""')}"\r\n`);
  });

  it('quotes and guards titles', () => {
    const odd = ['Сумма; "всего"', '=1+1', 'Город'].map((title, index) => column(`c${index}`, 'text', 'String', title));
    expect(excelCsv(odd, 'ru').prefix).toBe('\ufeff"Сумма; ""всего""";"\'=1+1";"Город"\r\n');
  });

  it('finds columns whatever their names hold', () => {
    const name = 'a`b\\c"д {x}';
    const from = `(SELECT 'x' AS \`a\\\`b\\\\c"д {x}\`)`;
    expect(fromEngine(from, excelCsv([column(name, 'text', 'String')], 'ru'))).toBe('"x"\r\n');
    expect(fromEngine(from, systemsCsv([column(name, 'text', 'String')]))).toBe('"a`b\\c""д {x}"\n"x"\n');
  });
});

describe('CSV for systems', () => {
  it('gives values exactly as they are, with the columns’ own names', () => {
    const whole = fromEngine(table, systemsCsv(columns));
    expect(whole.includes('\r')).toBe(false);
    expect(Papa.parse<string[]>(whole, { delimiter: ',', newline: '\n', skipEmptyLines: true }).data).toEqual([
      stored.map(([name]) => name),
      ['0042761234', '-9223372036854775808', '1234567.5', '0.153', '2026-10-01', '2026-10-01 12:34:56.789', '2026-10-01 02:03:04', 'true', 'Кофе; "чай", сок\nвода', '=a', "['x','=y']", '=2026'],
    ]);
  });
});

describe('a CSV file', () => {
  const opened = (rows: () => Readable): { result: ExportedResult; asked: RowsOptions[] } => {
    const asked: RowsOptions[] = [];
    const open = async (options: RowsOptions): Promise<Readable> => {
      asked.push(options);
      return rows();
    };
    return { result: resultOf([column('s', 'text', 'String', 'Город')], [], { open }), asked };
  };

  it('is the engine’s bytes behind the titles', async () => {
    const { result, asked } = opened(() => Readable.from([Buffer.from('"Москва"\r\n'), Buffer.from('"Омск"\r\n')]));
    expect(await text(await exportFormats.csv.write(requestOf([result])))).toBe('\ufeff"Город"\r\n"Москва"\r\n"Омск"\r\n');
    expect(asked[0]).toMatchObject({ format: 'CSV', settings: { format_csv_delimiter: ';' } });
  });

  it('has its titles also when there are no rows', async () => {
    const { result } = opened(() => Readable.from([]));
    expect(await text(await exportFormats.csv.write(requestOf([result], { language: 'en' })))).toBe('\ufeff"Город (en)"\r\n');
  });

  it.each(['csv', 'csv-systems'] as const)('fails (%s) when its rows fail in the middle', async (id) => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('"x"\n');
      throw new Error('engine gone');
    };
    const { result } = opened(() => Readable.from(broken()));
    await expect(text(await exportFormats[id].write(requestOf([result])))).rejects.toThrow('engine gone');
  });

  it.each(['csv', 'csv-systems'] as const)('lets go of its rows (%s) when its reader leaves', async (id) => {
    const endless = new Readable({
      read() {
        setImmediate(() => this.push('"x"\n'));
      },
    });
    const { result } = opened(() => endless);
    const file = await exportFormats[id].write(requestOf([result]));
    await new Promise((read) => file.once('data', read));
    file.destroy();
    await new Promise((closed) => (endless.closed ? closed(null) : endless.once('close', closed)));
    expect(endless.destroyed).toBe(true);
  });

  it('is refused in words when there is no result', async () => {
    await expect(exportFormats.csv.write(requestOf([]))).rejects.toMatchObject({ name: 'Problem', code: 'not_found' });
  });
});
