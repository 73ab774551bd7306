import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ExcelJS from 'exceljs';
import Papa from 'papaparse';
import { writeXlsx } from '../../backend/exports/xlsx.ts';
import type { Cell, ColumnType } from '../../shared/result.ts';
import { column, requestOf, resultOf } from './sample.ts';

/** What one writer did with the same lines of JSON, in a process of its own. */
export interface WriterFigures {
  milliseconds: number;
  /** Peak memory of the process over what it held before it began. */
  memoryGrowth: number;
  /** Longest time that the main thread was not free. */
  longestPause: number;
  fileBytes: number;
}

export interface XlsxBench {
  rows: number;
  ours: WriterFigures;
  exceljs: WriterFigures;
  /** How many times as fast as exceljs ours is. */
  ratio: number;
  /** SHA-256 over all cells: of the rows themselves, and of both files as LibreOffice reads them (`null` without it). */
  checksums: { rows: string; ours: string | null; exceljs: string | null };
}

const columns = [
  column('card', 'code', 'String'),
  column('id', 'integer', 'UInt32'),
  column('name', 'text', 'String'),
  column('issued', 'date', 'Date'),
  column('seen', 'datetime', 'DateTime'),
  column('sum', 'money', 'Decimal(18, 2)'),
  column('count', 'integer', 'Int64'),
  column('city', 'text', 'LowCardinality(String)'),
  column('share', 'decimal', 'Decimal(18, 4)'),
  column('note', 'text', 'Nullable(String)'),
];
const cities = ['Москва', 'Санкт-Петербург', 'Новосибирск', 'Екатеринбург', 'Казань', 'Нижний Новгород', 'Ростов-на-Дону'];
const names = ['Иванова Мария Сергеевна', 'Петров Пётр Ильич', 'Кузнецова Анна-Мария', 'Сидоров Ёжи', "О'Нил Джон"];

const two = (number: number): string => String(number).padStart(2, '0');

function rowOf(index: number): Cell[] {
  const mixed = (index * 2_654_435_761) % 4_294_967_296;
  const day = `202${mixed % 7}-${two(1 + (mixed % 12))}-${two(1 + (mixed % 28))}`;
  return [
    String(4_276_000_000_000_000_000n + BigInt(mixed) * 1013n),
    index,
    `${names[mixed % names.length]} ${mixed % 100_000}`,
    day,
    `${day} ${two(mixed % 24)}:${two(mixed % 60)}:${two((mixed >> 8) & 31)}`,
    ((mixed % 100_000_000) / 100).toFixed(2),
    String((mixed % 2_000_000) - 1_000_000),
    cities[mixed % cities.length] ?? '',
    ((mixed % 1_000_000) / 10_000).toFixed(4),
    index % 4 === 0 ? null : `<b>заметка</b> & "№ ${mixed % 1000}"`,
  ];
}

function* lines(rows: number): Generator<string> {
  let waiting = '';
  for (let index = 0; index < rows; index++) {
    waiting += `${JSON.stringify(rowOf(index))}\n`;
    if (waiting.length > 1 << 17 || index === rows - 1) {
      yield waiting;
      waiting = '';
    }
  }
}

/** What exceljs wants for a day or a moment. */
const momentOf = (text: string): Date => new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}Z`);

const numeric = new Set<ColumnType>(['integer', 'money', 'decimal']);

function typed(row: Cell[]): (string | number | Date | null)[] {
  return row.map((value, index) => {
    if (value === null) return null;
    const type = columns[index]?.type ?? 'text';
    if (type === 'date' || type === 'datetime') return momentOf(String(value));
    return numeric.has(type) ? Number(value) : String(value);
  });
}

/** A row as LibreOffice writes cells into CSV when it is not asked to show formats: days American, numbers bare. */
function asLibreOffice(row: Cell[]): string[] {
  return row.map((value, index) => {
    const type = columns[index]?.type ?? 'text';
    if (value === null) return '';
    if (type === 'date' || type === 'datetime') return String(value).replace(/^(\d{4})-(\d\d)-(\d\d)/, '$2/$3/$1');
    return numeric.has(type) ? String(Number(value)) : String(value);
  });
}

function checksumOfRows(rows: number): string {
  const hash = createHash('sha256');
  for (let index = 0; index < rows; index++) hash.update(JSON.stringify(asLibreOffice(rowOf(index))));
  return hash.digest('hex');
}

/** Over the cells of the first sheet as LibreOffice reads them; `null` where it is not installed. exceljs' own streaming reader breaks Cyrillic. */
async function checksumOfFile(file: string, folder: string): Promise<string | null> {
  const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false';
  const options = ['--headless', `-env:UserInstallation=${pathToFileURL(join(folder, 'office')).href}`, '--convert-to', filter, '--outdir', folder, file];
  try {
    await promisify(execFile)('soffice', options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const hash = createHash('sha256');
  let line = 0;
  const step = ({ data }: Papa.ParseStepResult<string[]>): void => void (line++ > 0 && hash.update(JSON.stringify(data)));
  const csv = createReadStream(file.replace(/\.xlsx$/, '.csv')).setEncoding('utf8');
  await new Promise<void>((complete, error) => Papa.parse<string[]>(csv, { delimiter: ',', newline: '\n', skipEmptyLines: true, step, complete: () => complete(), error }));
  return hash.digest('hex');
}

const writers = {
  ours: async (from: string, to: string, rows: number): Promise<void> => {
    const result = resultOf(columns, [], { totalRows: rows, open: async () => createReadStream(from, { highWaterMark: 1 << 16 }) });
    await pipeline(writeXlsx(requestOf([result])), createWriteStream(to));
  },
  exceljs: async (from: string, to: string): Promise<void> => {
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: to, useStyles: true, useSharedStrings: false, zip: { zlib: { level: 1 } } });
    const sheet = workbook.addWorksheet('List', { views: [{ state: 'frozen', ySplit: 1 }] });
    const formats: Partial<Record<string, string>> = { code: '@', date: 'dd.mm.yyyy', datetime: 'dd.mm.yyyy hh:mm:ss', money: '#,##0.00', decimal: '#,##0.0000' };
    sheet.columns = columns.map(({ name, type }) => ({ header: name, key: name, width: 20, style: { numFmt: formats[type] ?? 'General' } }));
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
      sheet.addRow(typed(JSON.parse(line) as Cell[])).commit();
      if (++count % 1000 === 0) await new Promise(setImmediate);
    }
    sheet.autoFilter = { from: 'A1', to: { row: 1, column: columns.length } };
    sheet.commit();
    await workbook.commit();
  },
};
type Writer = keyof typeof writers;

async function measure(writer: Writer, from: string, to: string, rows: number): Promise<WriterFigures> {
  const before = process.memoryUsage().rss;
  const seen = { memory: before, pause: 0, last: performance.now() };
  const watch = setInterval(() => {
    const now = performance.now();
    seen.memory = Math.max(seen.memory, process.memoryUsage().rss);
    seen.pause = Math.max(seen.pause, now - seen.last - 10);
    seen.last = now;
  }, 10);
  const start = performance.now();
  await writers[writer](from, to, rows);
  const milliseconds = performance.now() - start;
  clearInterval(watch);
  return { milliseconds, memoryGrowth: seen.memory - before, longestPause: seen.pause, fileBytes: (await stat(to)).size };
}

function inOwnProcess(writer: Writer, from: string, to: string, rows: number): Promise<WriterFigures> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [writer, from, to, String(rows)], { execArgv: ['--import', 'tsx'] });
    child.once('message', (figures) => resolve(figures as WriterFigures));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${writer} ended with ${code}`)));
  });
}

const byTime = (one: WriterFigures, other: WriterFigures): number => one.milliseconds - other.milliseconds;
const median = (figures: WriterFigures[]): WriterFigures => {
  const middle = [...figures].sort(byTime)[Math.floor(figures.length / 2)];
  if (!middle) throw new RangeError('no figures');
  return middle;
};

/** Writes the same rows with our writer and with exceljs', in turns; medians. */
export async function benchXlsx(rows: number, rounds = 3): Promise<XlsxBench> {
  const folder = await mkdtemp(join(tmpdir(), 'tasksheet-bench-'));
  try {
    const from = join(folder, 'rows.ndjson');
    await pipeline(Readable.from(lines(rows)), createWriteStream(from));
    const files = { ours: join(folder, 'ours.xlsx'), exceljs: join(folder, 'exceljs.xlsx') };
    const figures: Record<Writer, WriterFigures[]> = { ours: [], exceljs: [] };
    for (let round = 0; round < rounds; round++)
      for (const writer of ['exceljs', 'ours'] as const) figures[writer].push(await inOwnProcess(writer, from, files[writer], rows));
    const [ours, exceljs] = [median(figures.ours), median(figures.exceljs)];
    const checksums = { rows: checksumOfRows(rows), ours: await checksumOfFile(files.ours, folder), exceljs: await checksumOfFile(files.exceljs, folder) };
    return { rows, ours, exceljs, ratio: exceljs.milliseconds / ours.milliseconds, checksums };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, from, to, rows] = process.argv.slice(2);
  if (process.send && from && to) process.send(await measure(first as Writer, from, to, Number(rows)), () => process.exit());
  else console.log(JSON.stringify(await benchXlsx(Number(first ?? 200_000), Number(from ?? 3)), null, 2));
}
