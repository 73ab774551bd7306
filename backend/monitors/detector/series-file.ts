import type { Readable } from 'node:stream';
import { DateTime } from 'luxon';
import Papa from 'papaparse';
import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Grain } from './detector.ts';
import { MomentMaker } from './moment.ts';

/** Faults that are told at once; the others are counted. */
const toldFaults = 20;
const needed = ['series', 'time', 'value'] as const;

/** The rows of a file of series, column by column: millions of them fit. */
export interface SeriesRows {
  count: number;
  /** Names of series, and each row's place among them. */
  names: string[];
  series: Int32Array;
  /** Times as they were written, and each row's place among them. */
  writtenTimes: string[];
  times: Int32Array;
  /** The start of the local bucket that each written time lies in. */
  bucketOfTime: number[];
  /** NaN where unknown. */
  values: Float64Array;
  /** NaN where there are none. */
  trials: Float64Array;
  /** The number of each row in the file. */
  rowNumbers: Int32Array;
  hasTrials: boolean;
  warnings: LocalText[];
}

export interface ReadingOptions {
  grain: Grain;
  timeZone: string;
  signal: AbortSignal;
}

/** Reads `series,time,value[,trials]` as a stream. Every wrong row is told with its number, the header being row 1. */
export async function readSeriesRows(file: Readable, options: ReadingOptions): Promise<SeriesRows> {
  const reader = new RowReader(options);
  await new Promise<void>((resolve, reject) => {
    const stop = () => void file.destroy(new Error('stopped'));
    options.signal.addEventListener('abort', stop, { once: true });
    file.once('error', reject);
    if (options.signal.aborted) stop();
    Papa.parse<string[]>(file, {
      skipEmptyLines: false,
      chunk: ({ data }) => reader.take(data),
      complete: () => {
        options.signal.removeEventListener('abort', stop);
        resolve();
      },
      error: reject,
    });
  });
  return reader.finish();
}

class RowReader {
  private row = 0;
  private columns: { series: number; time: number; value: number; trials: number } | undefined;
  private readonly faults: LocalText[] = [];
  private wrong = 0;
  private readonly names = new Map<string, number>();
  private readonly times = new Map<string, number>();
  private readonly bucketOfTime: number[] = [];
  private readonly kinds: ('counts' | 'shares' | undefined)[] = [];
  private rows = emptyRows(1 << 16);
  private count = 0;
  private readonly moments: MomentMaker;
  private misaligned = { count: 0, row: 0 };
  private hasTrials = false;

  constructor(private readonly options: ReadingOptions) {
    this.moments = new MomentMaker(options.grain, options.timeZone);
  }

  take(rows: string[][]): void {
    for (const cells of rows) {
      this.row += 1;
      if (this.columns === undefined) this.columns = this.header(cells);
      else if (cells.length > 1 || (cells[0] ?? '').trim() !== '') this.read(cells, this.columns);
    }
  }

  private header(cells: string[]) {
    const titles = cells.map((cell) => cell.replace(/^\ufeff/, '').trim().toLowerCase());
    const missing = needed.filter((name) => !titles.includes(name));
    if (missing.length > 0)
      throw new Problem('invalid_request', {
        ru: `Строка 1: нет столбцов ${missing.join(', ')}; есть ${titles.join(', ')}. Нужен заголовок series,time,value и, для долей, trials.`,
        en: `Row 1: there are no columns ${missing.join(', ')}; there are ${titles.join(', ')}. The header series,time,value is needed, and trials for shares.`,
      });
    this.hasTrials = titles.includes('trials');
    return { series: titles.indexOf('series'), time: titles.indexOf('time'), value: titles.indexOf('value'), trials: titles.indexOf('trials') };
  }

  private read(cells: string[], columns: NonNullable<RowReader['columns']>): void {
    const name = cells[columns.series] ?? '';
    const time = this.timeOf((cells[columns.time] ?? '').trim());
    const written = (cells[columns.value] ?? '').trim();
    const writtenTrials = (cells[columns.trials] ?? '').trim();
    const value = written === '' ? NaN : Number(written);
    const trials = writtenTrials === '' ? NaN : Number(writtenTrials);
    const fault = name.trim() === '' ? noName : typeof time !== 'number' ? time : (numberFault(written, value, 'value') ?? numberFault(writtenTrials, trials, 'trials') ?? shareFault(value, trials));
    if (fault !== null) return this.fault(fault);
    let series = this.names.get(name);
    if (series === undefined) this.names.set(name, (series = this.names.size));
    const kindFault = this.kindFault(series, name, value, trials);
    if (kindFault !== null) return this.fault(kindFault);
    this.append(series, time as number, value, trials);
  }

  /** A series counts, or has shares: not both. */
  private kindFault(series: number, name: string, value: number, trials: number): LocalText | null {
    if (value !== value) return null;
    const kind = trials === trials ? 'shares' : 'counts';
    const before = (this.kinds[series] ??= kind);
    if (before === kind) return null;
    return kind === 'counts' ? { ru: `у «${name}» нет trials, а в строках выше есть`, en: `"${name}" has no trials, but had them in rows above` } : { ru: `у «${name}» есть trials, а в строках выше нет`, en: `"${name}" has trials, but had none in rows above` };
  }

  private append(series: number, time: number, value: number, trials: number): void {
    if (this.count === this.rows.series.length) this.rows = grown(this.rows);
    this.rows.series[this.count] = series;
    this.rows.times[this.count] = time;
    this.rows.values[this.count] = value;
    this.rows.trials[this.count] = trials;
    this.rows.rowNumbers[this.count] = this.row;
    this.count += 1;
  }

  private timeOf(written: string): number | LocalText {
    const known = this.times.get(written);
    if (known !== undefined) return known;
    if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(written)) return wrongTime(written);
    const instant = DateTime.fromISO(written.replace(' ', 'T'), { setZone: true });
    if (!instant.isValid) return wrongTime(written);
    const bucket = this.moments.startOf(instant.toMillis());
    if (bucket !== instant.toMillis()) {
      if (this.misaligned.count === 0) this.misaligned.row = this.row;
      this.misaligned.count += 1;
    }
    const place = this.bucketOfTime.length;
    this.times.set(written, place);
    this.bucketOfTime.push(bucket);
    return place;
  }

  private fault({ ru, en }: LocalText): void {
    this.wrong += 1;
    if (this.faults.length < toldFaults) this.faults.push({ ru: `Строка ${this.row}: ${ru}.`, en: `Row ${this.row}: ${en}.` });
  }

  finish(): SeriesRows {
    if (this.columns === undefined || (this.count === 0 && this.wrong === 0))
      throw new Problem('invalid_request', { ru: 'В файле нет строк. Нужны series,time,value и хотя бы одна строка.', en: 'The file has no rows. It needs series,time,value and at least one row.' });
    if (this.wrong > 0) throw asProblem(this.faults, this.wrong);
    
    return { count: this.count, names: [...this.names.keys()], writtenTimes: [...this.times.keys()], bucketOfTime: this.bucketOfTime, ...this.rows, hasTrials: this.hasTrials, warnings: this.warnings() };
  }

  private warnings(): LocalText[] {
    const { count, row } = this.misaligned;
    if (count === 0) return [];
    const [ru, en] = this.options.grain === 'day' ? ['дня', 'day'] : ['часа', 'hour'];
    return [
      {
        ru: `${count} разных отметок времени — не начало ${ru} по ${this.options.timeZone} (первая в строке ${row}); взят ${this.options.grain === 'day' ? 'день' : 'час'}, в который они попадают. Проверьте --timezone.`,
        en: `${count} different times are not the start of a ${en} in ${this.options.timeZone} (the first in row ${row}); the ${en} that they lie in is taken. Check --timezone.`,
      },
    ];
  }
}

/** All faults that are told, as one problem. */
export function asProblem(faults: LocalText[], count: number): Problem {
  const rest = count - faults.length;
  const more = rest > 0 ? { ru: `\nи ещё ${rest}`, en: `\nand ${rest} more` } : { ru: '', en: '' };
  return new Problem('invalid_request', { ru: faults.map(({ ru }) => ru).join('\n') + more.ru, en: faults.map(({ en }) => en).join('\n') + more.en });
}

const noName: LocalText = { ru: 'нет имени ряда (series)', en: 'the series has no name' };

function wrongTime(written: string): LocalText {
  return {
    ru: `время «${written}» не понято; нужно время с часовым сдвигом, например 2026-03-08T14:00:00+03:00`,
    en: `the time "${written}" is not understood; a time with its offset is needed, such as 2026-03-08T14:00:00+03:00`,
  };
}

function numberFault(written: string, value: number, column: string): LocalText | null {
  if (written === '' || (Number.isFinite(value) && value >= 0 && /^[+\d.]/.test(written) && !/x/i.test(written))) return null;
  return { ru: `${column} «${written}» — не число от 0; неизвестное значение оставляют пустым`, en: `${column} "${written}" is not a number from 0; an unknown one is left empty` };
}

function shareFault(value: number, trials: number): LocalText | null {
  if (trials !== trials || value !== value || value <= trials) return null;
  return { ru: `успехов ${value} больше, чем попыток ${trials}`, en: `${value} successes are more than ${trials} trials` };
}

function emptyRows(length: number) {
  return { series: new Int32Array(length), times: new Int32Array(length), values: new Float64Array(length), trials: new Float64Array(length), rowNumbers: new Int32Array(length) };
}

function grown(rows: ReturnType<typeof emptyRows>): ReturnType<typeof emptyRows> {
  const larger = emptyRows(rows.series.length * 2);
  larger.series.set(rows.series);
  larger.times.set(rows.times);
  larger.values.set(rows.values);
  larger.trials.set(rows.trials);
  larger.rowNumbers.set(rows.rowNumbers);
  return larger;
}
