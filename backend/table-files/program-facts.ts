import type { CastType } from '../../shared/cast-type.ts';
import { isDay, type Misfit } from './column-facts.ts';

/** What a program's column can be read as; text always. */
export interface ProgramFacts {
  type: CastType;
  misfits: Partial<Record<CastType, Misfit>>;
  /** Why it can't be read as decimals that hold their digits. */
  inexact?: Misfit;
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const day = /^(\d{4})-(\d\d)-(\d\d)/;
const moment = /^\d{4}-\d\d-\d\d([ T](\d\d):(\d\d)(:(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const longest = 9_223_372_036_854_775_807n;
/** The engine's decimals have 38 digits, 12 of them after the point. */
const largestExact = 1e26;

function isInteger(text: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(text)) return false;
  if (text.length < 19) return true;
  const value = BigInt(text.replace(/^\+/, ''));
  return value <= longest && value >= -longest - 1n;
}

function beginsWithDay(text: string): boolean {
  const found = day.exec(text);
  return found !== null && isDay(Number(found[1]), Number(found[2]), Number(found[3]));
}

function isMoment(text: string): boolean {
  const [, , hour = 0, minute = 0, , second = 0] = moment.exec(text) ?? [undefined, '', '99'];
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && beginsWithDay(text);
}

const tests: [CastType, (text: string) => boolean][] = [
  ['integer', isInteger],
  ['decimal', (text) => number.test(text) || /^(nan|[+-]?inf(inity)?)$/i.test(text)],
  ['boolean', (text) => /^(true|false)$/i.test(text)],
  ['date', (text) => /^.{10}( 00:00:00(\.0+)?)?$/.test(text) && beginsWithDay(text)],
  ['datetime', isMoment],
];
const likelier: CastType[] = ['integer', 'decimal', 'boolean', 'date', 'datetime'];

/** Looks at every value that a program wrote in a column: ISO days, decimal points, exponents, True and False. */
export class ProgramObserver {
  private readonly misfits: Partial<Record<CastType, Misfit>> = {};
  private inexact: Misfit | undefined;
  private hasValues = false;
  private isCode = false;

  observe(text: string, row: number): void {
    if (text === '') return;
    this.hasValues = true;
    if (/^[+-]?0\d|^\d{19,}$/.test(text)) this.isCode = true;
    const misfit = (): Misfit => ({ row, value: text.slice(0, 40).toWellFormed() });
    for (const [type, fits] of tests) if (this.misfits[type] === undefined && !fits(text)) this.misfits[type] = misfit();
    if (this.inexact === undefined && this.misfits.decimal === undefined && Math.abs(Number(text.replace(/inf(inity)?$/i, 'Infinity'))) >= largestExact) this.inexact = misfit();
  }

  facts(): ProgramFacts {
    const fits = likelier.find((type) => this.misfits[type] === undefined && !(this.isCode && (type === 'integer' || type === 'decimal')));
    return { type: this.hasValues && fits !== undefined ? fits : 'string', misfits: this.misfits, ...(this.inexact === undefined ? {} : { inexact: this.inexact }) };
  }
}
