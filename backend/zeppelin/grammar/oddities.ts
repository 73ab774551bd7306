import type { Form, Placeholder } from './form.ts';
import { isRefusal } from './read-forms.ts';

export type OddityCode = 'options_without_comma' | 'commas_made_options' | 'spaces_kept' | 'label_cut' | 'quote_swallows_options' | 'underscore_swallowed' | 'name_is_not_a_name';

/** Something that Zeppelin reads otherwise than its author surely meant. */
export interface Oddity {
  code: OddityCode;
  text: { ru: string; en: string };
}

/** What is odd about a placeholder that can be read. */
export function oddities(placeholder: Placeholder): Oddity[] {
  const { form, body } = placeholder;
  if (isRefusal(form)) return [];
  return [...valueOddities(form, body), ...nameOddities(form, body)];
}

function valueOddities(form: Form, body: string): Oddity[] {
  const found: Oddity[] = [];
  const options = form.options ?? [];
  if (form.control === 'text' && form.default?.includes('|') === true)
    found.push(oddity('options_without_comma', 'Похоже на список вариантов, но без запятой Zeppelin показывал текстовое поле.', 'It looks like a list of options, but without a comma Zeppelin showed a text box.'));
  if (form.control === 'select' && options.length === 1 && !body.includes('|'))
    found.push(oddity('commas_made_options', 'Запятая в значении превратила текстовое поле в список с одним вариантом.', 'A comma in the default turned the text box into a list of one option.'));
  if (options.some(({ value }) => /['"<(].*\|/s.test(value)))
    found.push(oddity('quote_swallows_options', 'Кавычка, скобка или «<» в варианте склеила его со следующими.', 'A quote, parenthesis or “<” in an option has swallowed the ones after it.'));
  if (options.some(({ label }) => label?.includes('(') === true) || /\)\s*[^\s|=,:)]/.test(body))
    found.push(oddity('label_cut', 'Подпись обрезана на первой закрывающей скобке.', 'A label ends at its first closing parenthesis; the rest is lost.'));
  return found;
}

function nameOddities(form: Form, body: string): Oddity[] {
  const found: Oddity[] = [];
  const texts = [form.name, ...(typeof form.default === 'string' ? [form.default] : []), ...(form.options ?? []).map(({ value }) => value)];
  if (texts.some((text) => text !== text.trim()))
    found.push(oddity('spaces_kept', 'Zeppelin хранил пробелы в имени, значении или вариантах; здесь они убраны.', 'Zeppelin kept the spaces in a name, default or option; here they are gone.'));
  if (form.hidden) found.push(oddity('underscore_swallowed', 'Подчёркивание перед формой Zeppelin убирал из текста, а поле прятал; здесь поле видно.', 'Zeppelin swallowed the underscore before the form and hid the form; here the field is shown.'));
  if (form.name.trim() === '' || body.startsWith('=')) found.push(oddity('name_is_not_a_name', 'У формы нет имени.', 'The form has no name.'));
  return found;
}

function oddity(code: OddityCode, ru: string, en: string): Oddity {
  return { code, text: { ru, en } };
}
