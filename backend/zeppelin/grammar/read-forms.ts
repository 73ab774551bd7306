import type { Form, FormOption, Placeholder, Refusal } from './form.ts';
import { toLineEnd, trimmed } from './java-text.ts';
import { splitOptions } from './split-options.ts';

/**
 * Every placeholder of a text, from left to right: `${…}` of the paragraph and `$${…}` of the note. There is no escape, so
 * those in strings and comments are found too. A body ends at the first `}`.
 */
export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', at)) {
    const close = text.indexOf('}', at + 2);
    if (close === -1) break;
    const body = text.slice(at + 2, close);
    const scope = text.charAt(at - 1) === '$' ? 'note' : 'paragraph';
    const first = scope === 'note' ? at - 1 : at;
    const hidden = text.charAt(first - 1) === '_';
    const start = hidden ? first - 1 : first;
    const isDollar = scope === 'paragraph' && text.charAt(start - 1) === '$';
    if (!isDollar) found.push({ start, end: close + 1, scope, body, form: readForm(body, hidden, first) });
    at = close + 1;
  }
  return found;
}

/**
 * The forms of a text, one a name: in the place of the first mention, by the definition of the last. The name `pql` is
 * Zeppelin's own and has no form.
 */
export function formsOf(text: string, scope: Placeholder['scope']): Form[] {
  const forms = new Map<string, Form>();
  for (const placeholder of findPlaceholders(text)) if (placeholder.scope === scope && !isRefusal(placeholder.form)) forms.set(placeholder.form.name, placeholder.form);
  forms.delete('pql');
  return [...forms.values()];
}

export function isRefusal(form: Form | Refusal): form is Refusal {
  return 'code' in form;
}

/** Reads what stands between the braces. */
export function readForm(body: string, hidden = false, offset = 0): Form | Refusal {
  const equals = body.indexOf('=');
  const [namePart, valuePart] = equals > 0 ? [body.slice(0, equals), body.slice(equals + 1)] : [body, null];
  const typed = readType(namePart);
  const labelled = readLabel(typed?.rest ?? namePart);
  const common = {
    name: labelled?.value ?? trimmed(typed?.rest ?? namePart),
    ...(labelled?.label === undefined || trimmed(labelled.label) === '' ? {} : { label: labelled.label }),
    ...(typed?.delimiter === undefined ? {} : { delimiter: typed.delimiter }),
    hidden,
  };
  if (typed === null) return untyped(common, valuePart);
  if (typed.type === 'password') return { control: 'password', ...common, default: '' };
  if (typed.type === 'checkbox') return checkbox(common, valuePart, offset);
  return {
    code: 'unknown_type',
    offset,
    text: {
      ru: `Вид поля «${typed.type}» Zeppelin не знает: бывают только checkbox и password, а двоеточие читается как конец вида. Такой параграф не выполняется.`,
      en: `Zeppelin knows no form of type “${typed.type}”: only checkbox and password, and a colon ends the type. Such a paragraph fails.`,
    },
  };
}

type Common = Pick<Form, 'name' | 'label' | 'delimiter' | 'hidden'>;

function untyped(common: Common, valuePart: string | null): Form {
  const comma = valuePart?.indexOf(',') ?? -1;
  if (valuePart === null || comma === -1) return { control: 'text', ...common, default: valuePart };
  return { control: 'select', ...common, default: valuePart.slice(0, comma), options: readOptions(valuePart.slice(comma + 1)) };
}

function checkbox(common: Common, valuePart: string | null, offset: number): Form | Refusal {
  if (valuePart === null) return { control: 'checkbox', ...common, default: null };
  const comma = valuePart.indexOf(',');
  if (comma !== -1) return { control: 'checkbox', ...common, default: splitOptions(valuePart.slice(0, comma)), options: readOptions(valuePart.slice(comma + 1)) };
  return {
    code: 'checkbox_without_options',
    offset,
    text: {
      ru: `У флажков «${common.name}» есть значение, но нет вариантов: после значения нужна запятая и варианты через «|». Такой параграф не выполняется.`,
      en: `The checkbox “${common.name}” has a default but no options: a comma and options separated by “|” are needed. Such a paragraph fails.`,
    },
  };
}

function readOptions(text: string): FormOption[] {
  return splitOptions(text).map((piece) => readLabel(piece) ?? { value: piece });
}

/** `value(label)`. The value keeps its spaces before the parenthesis; what follows the label is lost. */
function readLabel(written: string): { value: string; label: string } | null {
  const text = trimmed(written);
  const open = text.indexOf('(');
  const close = open === -1 ? -1 : text.indexOf(')', open + 1);
  return close === -1 ? null : { value: text.slice(0, open), label: text.slice(open + 1, close) };
}

/** `type:` or `type(delimiter):` anywhere in the text, so a colon in a label makes a type too. */
function readType(written: string): { type: string; delimiter?: string; rest: string } | null {
  const text = trimmed(written);
  for (let start = 0; start < text.length; ) {
    const run = text.slice(start).search(/[:()]/);
    if (run === -1) return null;
    const at = start + run;
    const type = trimmed(text.slice(start, at));
    if (text.charAt(at) === ':') return { type, rest: trimmed(toLineEnd(text.slice(at + 1))) };
    const argument = text.charAt(at) === '(' ? /^\(([^()]*)\)[ \t\n\v\f\r]*:/.exec(text.slice(at)) : null;
    if (argument !== null) return { type, delimiter: argument[1] ?? '', rest: trimmed(toLineEnd(text.slice(at + argument[0].length))) };
    start = at + 1;
  }
  return null;
}
