import type { Option } from '../../shared/fields/choice.ts';
import { fieldKindOf, type FieldValue } from '../../shared/fields/index.ts';
import { languages, type Language, type LocalText } from '../../shared/language.ts';
import type { Field } from '../catalog/task.ts';

const namedOptions = 5;

/** A value as people read it: options by their labels, periods inclusive, long lists by their number. */
export function valueWords(field: Field, value: FieldValue, chosen: readonly Option[] | undefined): LocalText {
  if (chosen !== undefined) return { ru: labels(chosen, 'ru'), en: labels(chosen, 'en') };
  const kind = fieldKindOf(field.kind);
  const [ru, en] = languages.map((language) => kind.describe(value, language));
  return { ru: ru ?? '', en: en ?? '' };
}

function labels(chosen: readonly Option[], language: Language): string {
  const named = chosen.slice(0, namedOptions).map(({ label }) => label[language]).join(', ');
  const rest = chosen.length - namedOptions;
  if (rest <= 0) return named;
  return language === 'ru' ? `${named} и ещё ${rest}` : `${named} and ${rest} more`;
}

/** A file by the name that its person knows, and its size. */
export function fileWords(name: string, rows: number): LocalText {
  return { ru: `${name} (строк: ${rows.toLocaleString('ru')})`, en: `${name} (rows: ${rows.toLocaleString('en')})` };
}
