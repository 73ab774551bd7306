import { Readable } from 'node:stream';
import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ClockGaps } from './clock-changes.ts';
import { isBinary, isCalendar, isClock, isPadded, type ServerColumn } from './column-types.ts';

/** One value as text or number for people and JSON; the exact readers have done dates and decimals. */
export type PlainValue = string | number | boolean | null;

/** How a column's values are read from the driver's. Counts what had to be changed, for a notice. */
export class ColumnReader {
  private outside = 0;
  private unreal = 0;
  readonly plain: (value: unknown) => PlainValue;

  constructor(
    readonly column: ServerColumn,
    private readonly gaps: ClockGaps,
  ) {
    this.plain = this.reader();
  }

  /** What was changed in this column's values. */
  notices(): LocalText[] {
    const { name } = this.column;
    const notices: LocalText[] = [];
    if (this.outside > 0)
      notices.push({
        ru: `В столбце «${name}» дат вне 1900–2299 годов: ${this.outside}. Они заменены на ближайшую: 1900-01-01 или 2299-12-31.`,
        en: `Column “${name}” has dates outside the years 1900 to 2299: ${this.outside}. Each became the nearest: 1900-01-01 or 2299-12-31.`,
      });
    if (this.unreal > 0)
      notices.push({
        ru: `В столбце «${name}» есть время, которого не было из-за перевода часов: ${this.unreal}. Оно сдвинуто. Если время записано в другом поясе, укажите timeZone источника.`,
        en: `Column “${name}” has times that never were, because the clock was put forward: ${this.unreal}. They are shifted. If times are kept in another zone, set the source's timeZone.`,
      });
    return notices;
  }

  private reader(): (value: unknown) => PlainValue {
    if (isBinary(this.column)) return (value) => (value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex').toUpperCase()}` : null);
    if (isPadded(this.column)) return (value) => (value === null ? null : String(value).trimEnd());
    if (isCalendar(this.column)) return (value) => (value === null ? null : this.moment(String(value)));
    return (value) => (typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value));
  }

  private moment(text: string): string {
    if (text < '1900' || text >= '2300') return this.nearest(text);
    if (isClock(this.column) && this.gaps.includes(text)) this.unreal += 1;
    return text;
  }

  private nearest(text: string): string {
    this.outside += 1;
    return (text < '1900' ? '1900-01-01' : '2299-12-31') + (this.column.type === 'date' ? '' : ' 00:00:00');
  }
}

const special = /[\\\t\n\r\0]/;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' };

function field(value: PlainValue): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return special.test(value) ? value.replace(/[\\\t\n\r\0]/g, (character) => escapes[character] ?? character) : value;
}

/** Characters gathered before they go on as one piece. */
const chunkCharacters = 128 * 1024;

/** How the reading of rows is held back or ended by whoever takes them. */
export interface Flow {
  resume(): void;
  stop(): void;
}

/** Rows of the driver as tab-separated bytes, with backpressure. */
export class RowText extends Readable {
  private text = '';
  private rows = 0;
  private finished = false;

  constructor(
    readonly readers: ColumnReader[],
    private readonly mostRows: number,
    private readonly flow: Flow,
  ) {
    super({ highWaterMark: chunkCharacters * 2 });
    // It may end before anybody reads it; whoever has opened it learns the reason elsewhere.
    this.on('error', () => undefined);
  }

  /** Takes one row. False asks to wait until `flow.resume`. */
  row(values: unknown[]): boolean {
    if (this.finished || this.destroyed) return true;
    const { readers } = this;
    let line = '';
    for (let at = 0; at < readers.length; at += 1) line += (at === 0 ? '' : '\t') + this.fieldAt(at, values[at]);
    this.text += `${line}\n`;
    this.rows += 1;
    // One row too many is stored as well: by it the workbench refuses the table.
    if (this.rows > this.mostRows) {
      this.finish();
      this.flow.stop();
    }
    return this.text.length < chunkCharacters || this.flush();
  }

  /** All rows have come. */
  finish(): void {
    if (this.destroyed || this.finished) return;
    this.finished = true;
    this.flush();
    this.push(null);
  }

  override _read(): void {
    this.flow.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.text = '';
    if (!this.finished) this.flow.stop();
    callback(error);
  }

  private fieldAt(at: number, value: unknown): string {
    const reader = this.readers[at];
    const plain = reader?.plain(value ?? null) ?? null;
    if (plain === null && reader?.column.nullable === false) throw unexpectedNull(reader.column.name);
    return field(plain);
  }

  private flush(): boolean {
    const { text } = this;
    this.text = '';
    return text === '' || this.push(Buffer.from(text));
  }
}

/** It would be stored as 0 or as an empty text without a word. */
function unexpectedNull(name: string): Problem {
  return new Problem('query_failed', {
    ru: `SQL Server описал столбец «${name}» как всегда заполненный, но прислал пустое значение. Напишите CAST или NULLIF вокруг столбца.`,
    en: `SQL Server described column “${name}” as never empty, yet sent an empty value. Put CAST or NULLIF around the column.`,
  });
}
