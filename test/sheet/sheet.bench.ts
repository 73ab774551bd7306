import { gunzipSync, gzipSync } from 'node:zlib';
import { writeBlock } from '../../addin/sheet/index.ts';
import type { Cell, ResultColumn } from '../../shared/result.ts';
import { ExcelHost, loadOfficeInNode } from '../excel-host/index.ts';
import { columns, resultOf } from './sample-result.ts';

/** Figures of writing one result into the simulated Excel. Milliseconds are medians. */
export interface SheetBench {
  rows: number;
  columns: number;
  /** Size of the rows as JSON, as the server sends them. */
  bytes: number;
  dataSyncs: number;
  /** ⌈bytes / 1.6 MB⌉ */
  dataSyncsLimit: number;
  otherSyncs: number;
  otherSyncsLimit: number;
  sentBytes: number;
  largestRequest: number;
  actions: number;
  /** From the first call to the last cell, without the time inside Office.js and the simulation. */
  ownMs: number;
  /** Inside Office.js, which no add-in can avoid: taking `range.values` in, packing, sending. */
  libraryMs: number;
  /** gunzip and JSON.parse of the same bytes. */
  peerMs: number;
  ratio: number;
  ratioLimit: number;
}

const pageRows = 10_000;
const rounds = 3;

/** Measures `rows` × 10: long codes, ids, Cyrillic, dates, times, decimals, text with signs, nulls. */
export async function benchSheet(rows = 100_000): Promise<SheetBench> {
  const { shape, data } = sample(rows);
  const pages = Array.from({ length: Math.ceil(rows / pageRows) }, (_page, index) => gzipSync(JSON.stringify(data.slice(index * pageRows, (index + 1) * pageRows)), { level: 1 }));
  const measured: { host: ExcelHost; ownMs: number; libraryMs: number; peerMs: number }[] = [];
  for (let round = 0; round < rounds; round++) measured.push({ ...(await writeOnce(shape, data)), peerMs: decode(pages) });
  const { host } = measured[0] ?? { host: new ExcelHost() };
  const { data: dataSyncs, others, bytes: sentBytes, actions } = host.count();
  const bytes = Buffer.byteLength(JSON.stringify(data));
  const [ownMs, libraryMs, peerMs] = [median(measured.map((one) => one.ownMs)), median(measured.map((one) => one.libraryMs)), median(measured.map((one) => one.peerMs))];
  const largestRequest = Math.max(...host.syncs.map((sync) => sync.bytes));
  return { rows, columns: shape.length, bytes, dataSyncs, dataSyncsLimit: Math.ceil(bytes / 1_600_000), otherSyncs: others, otherSyncsLimit: 6, sentBytes, largestRequest, actions, ownMs, libraryMs, peerMs, ratio: ownMs / peerMs, ratioLimit: 2 };
}

async function writeOnce(shape: ResultColumn[], data: Cell[][]): Promise<{ host: ExcelHost; ownMs: number; libraryMs: number }> {
  const host = new ExcelHost();
  const clock = { milliseconds: 0 };
  Object.assign(globalThis, { Excel: timed(loadOfficeInNode(host).Excel, clock) });
  const start = performance.now();
  const outcome = await writeBlock(resultOf(shape, data), { kind: 'newSheet' }, { language: 'ru', timeZone: 'Europe/Moscow' });
  const total = performance.now() - start;
  if (outcome.state !== 'written') throw new Error(`The bench ended as ${outcome.state}.`);
  return { host, ownMs: total - clock.milliseconds, libraryMs: clock.milliseconds - host.milliseconds };
}

type Run = (options: object, work: (context: Excel.RequestContext) => Promise<unknown>) => Promise<unknown>;

/** The library with a clock on every sync and every assignment of values. */
function timed(library: typeof Excel, clock: { milliseconds: number }): typeof Excel {
  const run = library.run.bind(library) as Run;
  const timedRun: Run = (options, work) =>
    run(options, (context) => {
      const sync = context.sync.bind(context);
      context.sync = async (given) => {
        const start = performance.now();
        try {
          return await sync(given);
        } finally {
          clock.milliseconds += performance.now() - start;
        }
      };
      return work(context);
    });
  const values = Object.getOwnPropertyDescriptor(library.Range.prototype, 'values');
  Object.defineProperty(library.Range.prototype, 'values', {
    ...values,
    set(this: Excel.Range, given: unknown) {
      const start = performance.now();
      values?.set?.call(this, given);
      clock.milliseconds += performance.now() - start;
    },
  });
  return { ...library, run: timedRun } as unknown as typeof Excel;
}

function decode(pages: Buffer[]): number {
  const start = performance.now();
  for (const page of pages) JSON.parse(gunzipSync(page).toString('utf8'));
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function sample(rows: number): { shape: ResultColumn[]; data: Cell[][] } {
  const shape = columns('Карта:code', 'Id:integer:Int64', 'Имя:text', 'Выпущена:date:Date', 'Вход:datetime:DateTime', 'Сумма:money:Decimal(18, 2)', 'Шт:integer:Int32', 'Город:text', 'Доля:decimal:Decimal(18, 4)', 'Заметка:text');
  const names = ['Иванова Мария Петровна', 'Сидоров Пётр Ильич', 'Ёжикова Анна Львовна'];
  const cities = ['Москва', 'Нижний Новгород', 'Тверь', null];
  const data = Array.from({ length: rows }, (_row, index): Cell[] => [
    String(9_643_000_000_000_000_000n + BigInt(index) * 7919n),
    String(1_000_000 + index),
    names[index % 3] ?? '',
    `2026-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}`,
    `2026-10-${String((index % 28) + 1).padStart(2, '0')} ${String(index % 24).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:07`,
    `${index % 9973}.${String(index % 100).padStart(2, '0')}`,
    index % 50,
    cities[index % 4] ?? null,
    `0.${String(index % 10_000).padStart(4, '0')}`,
    index % 5 === 0 ? null : `<b>№ ${index} & "=1"</b>`,
  ]);
  return { shape, data };
}
