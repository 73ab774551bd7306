import type { CastType } from '../../shared/cast-type.ts';
import type { Misfit } from './column-facts.ts';

/** What a program's column can be read as; text always. */
export interface ProgramFacts {
  type: CastType;
  misfits: Partial<Record<CastType, Misfit>>;
}

const tests: [CastType, RegExp][] = [
  ['integer', /^[+-]?\d{1,18}$/],
  ['decimal', /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$|^(nan|-?inf)$/i],
  ['boolean', /^(true|false)$/i],
  ['date', /^\d{4}-\d\d-\d\d( 00:00:00(\.0+)?)?$/],
  ['datetime', /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/],
];
const likelier: CastType[] = ['integer', 'decimal', 'boolean', 'date', 'datetime'];

/** Looks at every value that a program wrote in a column: ISO days, decimal points, exponents, True and False. */
export class ProgramObserver {
  private readonly misfits: Partial<Record<CastType, Misfit>> = {};
  private hasValues = false;
  private isCode = false;

  observe(text: string, row: number): void {
    if (text === '') return;
    this.hasValues = true;
    if (/^[+-]?0\d|^\d{19,}$/.test(text)) this.isCode = true;
    for (const [type, pattern] of tests) if (this.misfits[type] === undefined && !pattern.test(text)) this.misfits[type] = { row, value: text.slice(0, 40) };
  }

  facts(): ProgramFacts {
    const fits = likelier.find((type) => this.misfits[type] === undefined && !(this.isCode && (type === 'integer' || type === 'decimal')));
    return { type: this.hasValues && fits !== undefined ? fits : 'string', misfits: this.misfits };
  }
}
