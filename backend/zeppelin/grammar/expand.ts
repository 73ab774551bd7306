import type { Form, Placeholder, Refusal } from './form.ts';
import { findPlaceholders, isRefusal } from './read-forms.ts';

/** What a person gave, by the name of the form. `null` counts as given, and empty. */
export type GivenValues = Readonly<Record<string, unknown>>;

export interface Given {
  paragraph: GivenValues;
  /** Values of `$${…}`, shared by the whole note. */
  note?: GivenValues;
}

/**
 * The text that Zeppelin hands to its interpreter, or why there is none that can be trusted. Zeppelin puts each value into
 * the text and reads all of it again, with `$` and `\` in the value as orders to itself; wherever that could change the
 * outcome, the answer is a refusal.
 */
export function expand(text: string, given: Given): { output: string } | { refusal: Refusal } {
  const placeholders = findPlaceholders(text);
  const last = placeholders.findLast(({ scope }) => scope === 'paragraph');
  const misplaced = text.slice(0, last?.start ?? 0).search(/\$_\$\{[^}]*\}/);
  if (misplaced !== -1) return { refusal: refusal('misplaced', misplaced) };
  let output = '';
  let from = 0;
  for (const placeholder of placeholders) {
    const touches = placeholder.start === from && from > 0;
    output += text.slice(from, placeholder.start);
    if (touches && /[_$]$/.test(output)) return { refusal: refusal('joins_neighbour', placeholder.start) };
    const value = expansion(placeholder, given);
    if (typeof value !== 'string') return { refusal: value };
    output += value;
    from = placeholder.end;
  }
  output += text.slice(from);
  const again = findPlaceholders(output)[0];
  return again === undefined ? { output } : { refusal: refusal('reads_value_again', placeholders[0]?.start ?? 0) };
}

function expansion({ form, start, scope }: Placeholder, given: Given): string | Refusal {
  if (isRefusal(form)) return form;
  const values = (scope === 'note' ? given.note : given.paragraph) ?? {};
  const value = Object.hasOwn(values, form.name) ? values[form.name] : form.default;
  const written = textOf(form, value);
  if (written === null) return refusal('wrong_value', start);
  return /[$\\]/.test(written) ? refusal('reads_value_again', start) : written;
}

/** The value as text; `null` when Zeppelin fails on its type. */
function textOf(form: Form, value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return typeof value === 'string' ? value : null;
  if (form.control === 'text' || form.control === 'password') return null;
  const delimiter = form.delimiter ?? ',';
  const valid = value.filter((one) => form.options?.some((option) => option.value === one));
  const texts = (valid.length > 0 ? valid : value).map(javaText);
  return texts.includes(null) ? null : texts.join(delimiter);
}

/** Numbers of JSON are doubles to Java, and printed as such; very large and very small ones with an exponent. */
function javaText(value: unknown): string | null {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'number' || Math.abs(value) >= 1e7 || (value !== 0 && Math.abs(value) < 1e-3)) return null;
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

const words: Record<'wrong_value' | 'reads_value_again' | 'misplaced' | 'joins_neighbour', Refusal['text']> = {
  wrong_value: {
    ru: 'Значение другого вида, чем поле: текстовое поле и список ждут строку, флажки — список строк. Zeppelin на этом останавливается с ошибкой.',
    en: 'The value is of another type than the form: text and select expect a string, a checkbox a list of strings. Zeppelin fails here.',
  },
  reads_value_again: {
    ru: 'В значении есть «$», «\\» или новая форма. Zeppelin читает подставленное ещё раз: запрос ломается, меняется или не заканчивается.',
    en: 'The value holds “$”, “\\” or another form. Zeppelin reads what it has put in again: the query breaks, changes or never ends.',
  },
  misplaced: {
    ru: 'Перед формой стоит «$_»: Zeppelin пропускает её, но следующее значение подставляет на её место.',
    en: 'A form follows “$_”: Zeppelin skips it, yet puts the next value in its place.',
  },
  joins_neighbour: {
    ru: 'Подставленное кончается на «_» или «$», и сразу за ним стоит форма: Zeppelin примет знак за её начало.',
    en: 'What was put in ends in “_” or “$” and a form follows at once: Zeppelin takes the sign for its beginning.',
  },
};

function refusal(code: keyof typeof words, offset: number): Refusal {
  return { code, offset, text: words[code] };
}
