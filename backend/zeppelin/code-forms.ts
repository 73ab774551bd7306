import type { StoredForm } from './note.ts';

/** A form that a Python paragraph asks for by `z.select(…)` and the like. */
export interface CodeForm {
  name: string;
  control: 'text' | 'select' | 'checkbox' | 'password';
  default: string | string[] | null;
  options: { value: string; label: string }[];
  /** True when the options were computed by the code and are those of the last run. */
  computed: boolean;
  offset: number;
}

const call = /\bz\.(?:note)?(input|textbox|select|checkbox|password)\s*\(/gi;
const controls: Record<string, CodeForm['control']> = { input: 'text', textbox: 'text', select: 'select', checkbox: 'checkbox', password: 'password' };

/** The forms of a script. Options that the code computes are taken from the note, which keeps those of the last run. */
export function readCodeForms(code: string, stored: Record<string, StoredForm>): CodeForm[] {
  const found = new Map<string, CodeForm>();
  let end = 0;
  for (const { 0: opening, 1: word = '', index } of code.matchAll(call)) {
    if (index < end) continue;
    const literals = new Literals(code, index + opening.length);
    const values = literals.list(')');
    end = literals.end;
    const [name, second, third] = values;
    if (typeof name !== 'string') continue;
    const control = controls[word.toLowerCase()] ?? 'text';
    const options = optionsOf(control === 'select' || control === 'checkbox' ? second : []);
    const value = control === 'text' ? second : third;
    const kept = options === null ? optionsKept(stored[name]) : options;
    found.set(name, { name, control, default: defaultOf(control, value, kept), options: kept, computed: options === null, offset: index });
  }
  return [...found.values()];
}

function defaultOf(control: CodeForm['control'], value: Literal | undefined, options: CodeForm['options']): CodeForm['default'] {
  if (control === 'checkbox') return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  const one = Array.isArray(value) ? value[0] : value;
  if (typeof one === 'string' && one !== '') return one;
  return control === 'select' ? (options[0]?.value ?? null) : null;
}

function optionsKept(stored: StoredForm | undefined): CodeForm['options'] {
  return (stored?.options ?? []).flatMap(({ value, displayName }) => (typeof value === 'string' || typeof value === 'number' ? [{ value: String(value), label: displayName ?? String(value) }] : []));
}

/** `[("v", "label"), …]`; `null` when they are not written out. */
function optionsOf(value: Literal | undefined): CodeForm['options'] | null {
  if (!Array.isArray(value)) return null;
  const options = value.map((one) => {
    const [first, second] = Array.isArray(one) ? one : [one];
    return typeof first === 'string' ? { value: first, label: typeof second === 'string' ? second : first } : null;
  });
  return options.includes(null) ? null : options.filter((one) => one !== null);
}

/** A value that is written out in code; `null` for one that is computed. Numbers are kept as they are written. */
type Literal = string | null | Literal[];

const deepest = 20;

/** Reads Python's and Scala's literals: strings, numbers, lists and tuples. */
class Literals {
  constructor(
    private readonly code: string,
    private at: number,
  ) {}

  /** Where what has been read ends. */
  get end(): number {
    return this.at;
  }

  list(close: string, depth = 0): Literal[] {
    const values: Literal[] = [];
    for (;;) {
      this.blank();
      const character = this.code.charAt(this.at);
      if (character === close || character === '') {
        this.at += 1;
        return values;
      }
      values.push(this.value(depth));
      this.blank();
      if (this.code.charAt(this.at) === ',') this.at += 1;
    }
  }

  private blank(): void {
    this.at += /^(?:\s|#[^\n]*)*/.exec(this.code.slice(this.at))?.[0].length ?? 0;
  }

  private value(depth: number): Literal {
    const rest = this.code.slice(this.at);
    const skipped = /^(?:\w+\s*=(?!=)\s*|Seq(?=\()|List(?=\())/.exec(rest)?.[0].length ?? 0;
    this.at += skipped;
    const found = this.literal(rest.slice(skipped), depth);
    this.blank();
    return /[,)\]]/.test(this.code.charAt(this.at)) ? found : this.computed();
  }

  private literal(rest: string, depth: number): Literal {
    const quoted = /^(?:u|r)?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/.exec(rest);
    const number = /^-?\d+(?:\.\d+)?/.exec(rest);
    this.at += quoted?.[0].length ?? number?.[0].length ?? 0;
    if (quoted !== null) return (quoted[1] ?? '').slice(1, -1).replace(/\\(.)/g, '$1');
    if (number !== null) return number[0];
    const close = { '[': ']', '(': ')' }[rest.charAt(0)];
    if (close === undefined || depth > deepest) return this.computed();
    this.at += 1;
    return this.list(close, depth + 1);
  }

  /** Skips an expression, with what stands in its own brackets. */
  private computed(): null {
    for (let depth = 0; this.at < this.code.length; this.at += 1) {
      const character = this.code.charAt(this.at);
      if (depth === 0 && /[,)\]]/.test(character)) break;
      if (/[([{]/.test(character)) depth += 1;
      if (/[)\]}]/.test(character)) depth -= 1;
    }
    return null;
  }
}
