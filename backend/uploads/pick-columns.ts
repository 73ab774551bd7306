import { declaredColumns, file, sameHeading, type DeclaredColumn, type FileColumnType } from '../../shared/fields/file.ts';
import type { LocalText } from '../../shared/language.ts';
import { fileExpression, rawColumn } from '../table-files/index.ts';
import { quotedName } from '../workbench/sql-text.ts';
import type { Upload } from './upload-store.ts';

const needed: Record<FileColumnType, LocalText> = {
  text: { ru: 'нужен текст', en: 'text is needed' },
  code: { ru: 'последние цифры уже потеряны: задайте столбцу текстовый формат и внесите номера заново', en: 'its last digits are lost already: give the column the format Text and enter the numbers anew' },
  integer: { ru: 'нужны целые числа', en: 'whole numbers are needed' },
  decimal: { ru: 'нужны числа, и все с одним знаком дроби', en: 'numbers are needed, all with the same decimal sign' },
  date: { ru: 'нужны даты, например 2026-03-01 или 01.03.2026', en: 'dates are needed, such as 2026-03-01 or 01.03.2026' },
  datetime: { ru: 'нужны дата и время, например 2026-03-01 10:30', en: 'dates with times are needed, such as 2026-03-01 10:30' },
};

/** What queries read of a file: the declared columns by their names, and the rest when they are wanted. */
export interface PickedColumns {
  /** A SELECT list over the raw table. */
  select: string;
}

function settingsOf(settings: Record<string, unknown>) {
  return file.settings.parse(settings);
}

function placeOf({ name, title }: DeclaredColumn, { columns }: Upload): number {
  const headings = [name, ...(title === undefined ? [] : [title.ru, title.en])];
  return columns.findIndex((column) => headings.some((heading) => sameHeading(heading, column.name)));
}

function quoted(name: string, language: 'ru' | 'en'): string {
  return language === 'ru' ? `«${name}»` : `“${name}”`;
}

function shownName({ name, title }: DeclaredColumn, language: 'ru' | 'en'): string {
  return title === undefined ? quoted(name, language) : `${quoted(title[language], language)} (${name})`;
}

function missingColumns(missing: DeclaredColumn[], { columns }: Upload): LocalText {
  const words = (language: 'ru' | 'en'): string => missing.map((column) => shownName(column, language)).join(', ');
  const there = (language: 'ru' | 'en'): string => columns.slice(0, 30).map(({ name }) => quoted(name, language)).join(', ');
  return {
    ru: `В файле нет столбцов: ${words('ru')}. Есть: ${there('ru')}. Исправьте названия в первой строке.`,
    en: `The file lacks columns: ${words('en')}. It has: ${there('en')}. Correct the names in its first row.`,
  };
}

/** Finds the declared columns in a file and checks every value's type, or says what is wrong in words for its person. */
export function pickColumns(settings: Record<string, unknown>, upload: Upload): PickedColumns | { problem: LocalText } {
  const { columns, otherColumns } = settingsOf(settings);
  const wanted = declaredColumns(columns).map((declared) => ({ declared, at: placeOf(declared, upload) }));
  const missing = wanted.filter(({ at }) => at < 0).map(({ declared }) => declared);
  if (missing.length > 0) return { problem: missingColumns(missing, upload) };
  const misfits = wanted.flatMap(({ declared, at }) => {
    const column = upload.columns[at];
    const misfit = column?.facts.misfits[declared.type];
    return column === undefined || misfit === undefined ? [] : [{ column: column.name, type: declared.type, ...misfit }];
  });
  if (misfits.length > 0) {
    const words = (language: 'ru' | 'en'): string =>
      misfits.map(({ column, row, value, type }) => (language === 'ru' ? `столбец «${column}», строка ${row}: «${value}», а ${needed[type].ru}` : `column “${column}”, row ${row}: “${value}”, ${needed[type].en}`)).join('; ');
    return { problem: { ru: `Исправьте в файле: ${words('ru')}.`, en: `Correct in the file: ${words('en')}.` } };
  }
  const picked = wanted.map(({ declared, at }) => ({ name: declared.name, type: declared.type, at }));
  const names = new Set(picked.map(({ name }) => name.toLowerCase()));
  const others = otherColumns ? upload.columns.flatMap(({ name, facts }, at) => (picked.some((one) => one.at === at) || names.has(name.toLowerCase()) ? [] : [{ name, type: facts.type, at }])) : [];
  const expressions = [...picked, ...others].map(({ name, type, at }) => `${fileExpression(rawColumn(at), type, upload.columns[at]?.facts.decimals ?? 'point')} AS ${quotedName(name)}`);
  return { select: expressions.join(', ') };
}
