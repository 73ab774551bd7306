import type { Template, TemplatePart } from '../catalog/task.ts';
import { Brackets } from './brackets.ts';
import { lex, lexYaml, type Token } from './lexer.ts';
import { readReference } from './reference.ts';

/** A mistake in a template. `offset` counts UTF-16 units from the beginning of its text. */
export interface TemplateFault {
  offset: number;
  message: string;
  advice: string;
}

export interface ParsedTemplate {
  /** What could be read; only to be rendered when there are no faults. */
  template: Template;
  faults: TemplateFault[];
}

/** What the text around the fields is written in. A script is not a template: it reads values by itself. */
export type TemplateLanguage = 'sql' | 'yaml' | 'script';

/**
 * Reads `{{field}}`, `{{field.part}}`, `[[ … ]]`, `steps.NAME` and `views.NAME` outside strings and comments; all else is
 * SQL and stays as it is, except that a semicolon at the end is dropped. Reports every mistake, never throws.
 */
export function parseTemplate(source: string, language: TemplateLanguage = 'sql'): ParsedTemplate {
  if (language === 'script') return { template: { source, parts: [{ kind: 'text', text: source }], fields: [], steps: [], views: [] }, faults: [] };
  return new Parser(source, language === 'sql' ? lex(source) : lexYaml(source)).parse();
}

const unclosed: Partial<Record<Token['kind'], { message: string; advice: string }>> = {
  quoted: { message: 'this quote is never closed', advice: 'add the closing quote; inside a string write a quote twice' },
  comment: { message: 'this comment is never closed', advice: 'add */' },
  field: { message: '{{ is never closed', advice: 'write {{name}} on one line, with two braces on each side' },
};

class Parser {
  private readonly doubleBrackets: Brackets;
  private readonly faults: TemplateFault[] = [];
  private readonly names = { fields: new Set<string>(), steps: new Set<string>(), views: new Set<string>() };
  private at = 0;
  /** Brackets that are open in this clause. */
  private depth = 0;
  private previous = '';

  constructor(
    private readonly source: string,
    private readonly tokens: Token[],
  ) {
    this.doubleBrackets = new Brackets(tokens, source);
  }

  parse(): ParsedTemplate {
    const parts = this.parts(this.withoutLastSemicolon(), false);
    const { fields, steps, views } = this.names;
    return { template: { source: this.source, parts, fields: [...fields], steps: [...steps], views: [...views] }, faults: this.faults };
  }

  private fault(offset: number, message: string, advice: string): void {
    this.faults.push({ offset, message, advice });
  }

  private text(token: Token | undefined): string {
    return token === undefined ? '' : this.source.slice(token.start, token.end);
  }

  private withoutLastSemicolon(): number {
    const isBlank = ({ kind }: Token) => kind === 'space' || kind === 'comment';
    const last = this.tokens.findLastIndex((token) => !isBlank(token));
    const semicolons = this.tokens.filter((token) => token.kind === 'mark' && this.text(token) === ';');
    const final = semicolons.at(-1);
    const dropped = final !== undefined && this.tokens[last] === final;
    for (const { start } of dropped ? semicolons.slice(0, -1) : semicolons)
      this.fault(start, 'more than one query', 'keep one query here; give the next one its own "-- step NAME on SOURCE"');
    return dropped ? last : this.tokens.length;
  }

  private parts(end: number, inside: boolean): TemplatePart[] {
    const parts: TemplatePart[] = [];
    const add = (part: TemplatePart): void => {
      const last = parts.at(-1);
      if (part.kind === 'text' && last?.kind === 'text') last.text += part.text;
      else if (part.kind !== 'text' || part.text !== '') parts.push(part);
    };
    while (this.at < end) {
      const token = this.tokens[this.at];
      if (token === undefined) break;
      add(this.part(token, inside));
      if (token.kind !== 'space' && token.kind !== 'comment') this.previous = this.text(token);
    }
    return parts;
  }

  private part(token: Token, inside: boolean): TemplatePart {
    const fault = token.closed ? undefined : unclosed[token.kind];
    if (fault !== undefined) this.fault(token.start, fault.message, fault.advice);
    switch (token.kind) {
      case 'field':
        return this.field(token);
      case 'word':
        return this.word(token);
      case 'mark':
        return this.mark(token, inside);
      case 'quoted':
      case 'comment':
        this.refuseFieldInside(token);
        return this.taken(token);
      case 'space':
      case 'text':
        return this.taken(token);
    }
  }

  private taken(token: Token, count = 1): TemplatePart {
    const last = this.tokens[this.at + count - 1] ?? token;
    this.at += count;
    return { kind: 'text', text: this.source.slice(token.start, last.end) };
  }

  private field(token: Token): TemplatePart {
    const { start } = token;
    const afterIn = /^in$/i.test(this.previous);
    const asTable = /^(from|join)$/i.test(this.previous);
    const reference = readReference(this.text(token));
    this.at += 1;
    if ('message' in reference) {
      if (token.closed) this.fault(start, reference.message, reference.advice);
      return { kind: 'text', text: '' };
    }
    this.names.fields.add(reference.name);
    return { kind: 'field', ...reference, afterIn, ...(asTable ? { asTable } : {}), offset: start };
  }

  private word(token: Token): TemplatePart {
    const kind = this.text(token);
    const [dot, name, next] = [1, 2, 3].map((step) => this.tokens[this.at + step]);
    if ((kind !== 'steps' && kind !== 'views') || this.text(dot) !== '.' || this.previous === '.') return this.taken(token);
    if (name?.kind !== 'word') {
      this.fault(token.start, `${kind}. without a name`, `write ${kind}.NAME, without quotes or spaces`);
      return this.taken(token, 2);
    }
    const tableName = this.text(name);
    this.names[kind].add(tableName);
    if (this.text(next) === '.')
      this.fault(token.start, `a column is read through ${kind}.${tableName}.`, `give the table an alias (FROM ${kind}.${tableName} AS t) and write t.column`);
    this.at += 3;
    const common = { name: tableName, offset: token.start };
    return kind === 'steps' ? { kind: 'step', ...common } : { kind: 'view', ...common, parts: [] };
  }

  private mark(token: Token, inside: boolean): TemplatePart {
    const text = this.text(token);
    const rest = this.source.slice(token.start, token.start + 100);
    const parameter = /^\{\s*(\w+)\s*:/.exec(rest)?.[1];
    if (parameter !== undefined) this.fault(token.start, `{${parameter}:…} is not a parameter here`, `write {{${parameter}}}: its type comes from the form`);
    if (text === '[') {
      if (this.source.charAt(token.end) === '[') return this.brackets(token, inside);
      this.depth += 1;
    }
    if (text === ']') this.closeBracket(token);
    return this.taken(token);
  }

  private closeBracket(token: Token): void {
    if (this.depth > 0) this.depth -= 1;
    else if (this.source.charAt(token.end) === ']') this.fault(token.start, ']] closes nothing', 'remove it, or open the optional clause with [[');
  }

  private brackets(token: Token, inside: boolean): TemplatePart {
    const clause = this.doubleBrackets.judge(this.at);
    if (clause === 'unclosed') {
      this.fault(token.start, '[[ is never closed', 'add ]] where the optional clause ends');
      return this.taken(token, 2);
    }
    if (clause !== 'array' && inside) this.fault(token.start, '[[ … ]] inside another one', 'end the outer clause first: optional clauses do not nest');
    if (clause === 'array' && this.beginsCondition()) this.fault(token.start, '[[ … ]] without a {{field}}', 'an optional clause falls away when a field in it is empty: put one in, or remove the brackets');
    if (clause === 'array' || inside) {
      this.depth += 2;
      return this.taken(token, 2);
    }
    const depth = this.depth;
    this.depth = 0;
    this.at += 2;
    const parts = this.parts(clause.end, true);
    this.at = clause.end + 2;
    this.depth = depth;
    return { kind: 'optional', parts, offset: token.start };
  }

  /** Whether the first word after `[[` is one that no array begins with. */
  private beginsCondition(): boolean {
    const next = this.tokens[this.at + 2];
    const first = next?.kind === 'space' ? this.tokens[this.at + 3] : next;
    return /^(and|or|where|having|join|left|inner)$/i.test(this.text(first));
  }

  private refuseFieldInside(token: Token): void {
    const found = /\{\{[^{}\n]*\}\}|\{\{/.exec(this.text(token));
    if (found === null) return;
    const offset = token.start + found.index;
    const name = found[0].length > 2 ? found[0] : '{{…}}';
    if (token.kind === 'comment') this.fault(offset, `${name} in a comment`, 'remove the braces: nothing is put into comments');
    else if (this.text(token).includes('%'))
      this.fault(offset, `${name} in a string`, `join the pieces outside the quotes: LIKE concat('%', ${name}, '%')`);
    else this.fault(offset, `${name} in a string`, `write ${name} without quotes: it is a value, not text of the query`);
  }
}
