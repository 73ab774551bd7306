import type { FileColumnType } from '../../shared/fields/file.ts';

/** A value that keeps a column from being read as some type. */
export interface Misfit {
  row: number;
  value: string;
}

/** How decimals of a column are written: `1.5`, `1,5`, or `1,234.56` with a comma between thousands. */
export type DecimalForm = 'point' | 'comma' | 'grouped';

/** What all values of one column, not a sample of them, allow. */
export interface ColumnFacts {
  /** What it most likely is. */
  type: FileColumnType;
  /** Why it can't be read as some types; what is absent it can. */
  misfits: Partial<Record<FileColumnType, Misfit>>;
  decimals: DecimalForm;
}

const spaces = /[ \u00a0\u202f]/g;
const spacedNumber = /^[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/;
const whole = /^[+-]?\d{1,18}$/;
const point = /^[+-]?\d{0,26}\.\d+$/;
const comma = /^[+-]?\d{0,26},\d+$/;
const grouped = /^[+-]?\d{1,3}(,\d{3})+\.\d+$|^[+-]?\d{1,3}(,\d{3}){2,}$/;
const eitherWay = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** Leading zeros, a plus, or more digits than a worksheet keeps: digits that are a name. */
const codeLike = /^0\d|^\+|^\d{16,}$/;
/** What Excel leaves of a long number when it saves CSV. */
const shortened = /^\d([.,]\d+)?E\+1\d$/i;
const isoDate = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const dottedDate = /^(\d\d?)\.(\d\d?)\.(\d{4})(?:,? (\d\d?):(\d\d)(?::(\d\d))?)?$/;
const shownLength = 40;

/** Whether a day exists and the engine can hold it. */
export function isDay(year: number, month: number, day: number): boolean {
  return year >= 1900 && year <= 2299 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether it is a day that exists, and whether a time stands beside it that is not midnight. */
function readDate(text: string): { hasTime: boolean } | undefined {
  const iso = isoDate.exec(text);
  const found = iso ?? dottedDate.exec(text);
  if (found === null) return undefined;
  const [, first, month, last, ...time] = found.map(Number);
  const [year, day] = iso === null ? [last, first] : [first, last];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const [hour = 0, minute = 0, second = 0] = time.map((part) => (Number.isNaN(part) ? 0 : part));
  return isDay(year, month, day) && hour < 24 && minute < 60 && second < 60 ? { hasTime: hour + minute + second > 0 } : undefined;
}

/** Looks at every value of a column once. */
export class ColumnObserver {
  private readonly misfits: Partial<Record<FileColumnType, Misfit>> = {};
  private readonly forms: Partial<Record<DecimalForm | 'eitherWay', Misfit>> = {};
  private hasValues = false;
  private hasTimes = false;
  private isCode = false;

  observe(text: string, row: number, rounded: boolean): void {
    if (text === '') return;
    this.hasValues = true;
    if (rounded || shortened.test(text)) this.refuse('code', text, row);
    if (this.misfits.integer === undefined || this.misfits.decimal === undefined) this.number(text, row);
    if (this.misfits.datetime === undefined) this.date(text, row);
  }

  /** `commaMeansDecimal`: a file whose cells are not cut by commas writes 1,234 for a little more than one. */
  facts(commaMeansDecimal: boolean): ColumnFacts {
    const { comma: commas, grouped: groups, point: points, eitherWay: unsure } = this.forms;
    const decimals: DecimalForm = commas !== undefined ? 'comma' : groups !== undefined ? 'grouped' : unsure !== undefined && commaMeansDecimal ? 'comma' : 'point';
    const clash = commas === undefined ? undefined : (groups ?? points);
    const undecided = unsure !== undefined && decimals === 'point' ? unsure : undefined;
    const misfit = clash ?? undecided;
    const misfits = { ...this.misfits, ...(misfit === undefined || this.misfits.decimal !== undefined ? {} : { decimal: misfit }) };
    return { type: this.likely(misfits), misfits, decimals };
  }

  private likely(misfits: ColumnFacts['misfits']): FileColumnType {
    if (!this.hasValues) return 'text';
    if (this.isCode && misfits.code === undefined && misfits.decimal === undefined) return 'code';
    if (misfits.integer === undefined && !this.isCode) return 'integer';
    if (misfits.decimal === undefined && !this.isCode) return 'decimal';
    if (misfits.datetime !== undefined) return this.isCode && misfits.integer === undefined ? 'code' : 'text';
    return this.hasTimes ? 'datetime' : 'date';
  }

  private refuse(type: FileColumnType, text: string, row: number): void {
    this.misfits[type] ??= { row, value: text.slice(0, shownLength).toWellFormed() };
  }

  private number(text: string, row: number): void {
    if (codeLike.test(text)) this.isCode = true;
    const bare = spacedNumber.test(text) ? text.replace(spaces, '') : text;
    if (whole.test(bare)) return;
    this.refuse('integer', text, row);
    const form = point.test(bare) ? 'point' : grouped.test(bare) ? 'grouped' : eitherWay.test(bare) ? 'eitherWay' : comma.test(bare) ? 'comma' : undefined;
    if (form !== undefined) this.forms[form] ??= { row, value: text.slice(0, shownLength).toWellFormed() };
    else if (!/^[+-]?\d{1,26}$/.test(bare)) this.refuse('decimal', text, row);
  }

  private date(text: string, row: number): void {
    const date = readDate(text);
    if (date === undefined) {
      this.refuse('date', text, row);
      this.refuse('datetime', text, row);
    } else if (date.hasTime) {
      this.hasTimes = true;
      this.refuse('date', text, row);
    }
  }
}
