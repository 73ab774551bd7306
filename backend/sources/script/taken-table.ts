import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CastType } from '../../../shared/cast-type.ts';
import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import { ProgramObserver, loadTable, openCsv, programExpression, rawColumn } from '../../table-files/index.ts';
import { quotedName } from '../../workbench/sql-text.ts';
import type { QueryContext, StoredTable, Workbench } from '../../workbench/workbench.ts';

const typeWords: Record<CastType, LocalText> = {
  string: { ru: 'текст', en: 'text' },
  integer: { ru: 'целое число до 9223372036854775807', en: 'a whole number up to 9223372036854775807' },
  decimal: { ru: 'число, до 26 цифр перед точкой', en: 'a number of up to 26 digits before the point' },
  boolean: { ru: 'true или false', en: 'true or false' },
  date: { ru: 'дата вида 2026-03-01, с 1900 по 2299 год', en: 'a date such as 2026-03-01, from 1900 to 2299' },
  datetime: { ru: 'момент вида 2026-03-01 10:30:00, с 1900 по 2299 год', en: 'a moment such as 2026-03-01 10:30:00, from 1900 to 2299' },
};

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => 0);
}

/** The last part of what a program printed, for its author. */
export async function tailOf(path: string, most = 4_000): Promise<string> {
  const size = await sizeOf(path);
  if (size <= most) return readFile(path, 'utf8').catch(() => '');
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(most), 0, most, size - most);
    return `…${buffer.toString('utf8')}`;
  } finally {
    await file.close();
  }
}

export interface TakenTable {
  directory: string;
  casts: Record<string, CastType> | undefined;
  tableId: string;
  context: QueryContext;
}

const nothing = (): Problem =>
  new Problem('query_failed', {
    ru: 'Скрипт ничего не отдал: нет ни файла out.csv, ни таблицы в его выводе. Для пустой таблицы нужны названия столбцов: задайте их с типами в строке шага.',
    en: 'The script returned nothing: there is neither a file out.csv nor a table in its output. A table without rows needs names of columns: give them with types in the step\'s line.',
  });

/** A file without a heading is a table without rows, where the author has named its columns. */
async function nameColumns(path: string, casts: Record<string, CastType>): Promise<void> {
  const isEmpty = await stat(path).then(({ size }) => size === 0, () => false);
  if (isEmpty && Object.keys(casts).length > 0) await writeFile(path, `${Object.keys(casts).map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`);
}

function notTable(problem: Problem): Problem {
  const rest = (language: 'ru' | 'en'): string => problem.text[language].replace(/ (Исправьте их и|Mend them and|Исправьте её и|Mend it and)[^.]*\.$/, '');
  return new Problem('query_failed', { ru: `То, что отдал скрипт, не таблица CSV. ${rest('ru')}`, en: `What the script returned is no CSV table. ${rest('en')}` }, { cause: problem });
}

function misfit(column: string, wanted: CastType, { row, value }: { row: number; value: string }): Problem {
  return new Problem('query_failed', {
    ru: `Скрипт отдал в столбце «${column}», строка ${row}, «${value}»: нужно ${typeWords[wanted].ru}.`,
    en: `The script returned “${value}” in column “${column}”, row ${row}: ${typeWords[wanted].en} is needed.`,
  });
}

/** Takes `out.csv`, or what was printed, into the workbench: types as the author gave them, otherwise as all values allow. */
export async function takeTable(workbench: Workbench, { directory, casts = {}, tableId, context }: TakenTable): Promise<StoredTable> {
  const paths = [join(directory, 'out.csv'), join(directory, 'stdout')];
  await nameColumns(join(directory, 'out.csv'), casts);
  const sizes = await Promise.all(paths.map(sizeOf));
  const path = paths.find((_, at) => (sizes[at] ?? 0) > 0);
  if (path === undefined) throw nothing();
  const raw = `${tableId}-raw`;
  const file = await openCsv(path, Buffer.alloc(0), { delimiter: ',', encoding: 'utf-8', exact: true });
  try {
    const loaded = await loadTable(file, () => new ProgramObserver(), { workbench, tableId: raw, context: { ...context, queryId: `${context.queryId}-raw` } }).catch((error: unknown) => {
      throw error instanceof Problem && error.code === 'invalid_values' ? notTable(error) : error;
    });
    const absent = Object.keys(casts).find((name) => !loaded.columns.some((column) => column.name === name));
    if (absent !== undefined) throw lacking(absent, loaded.columns.map(({ name }) => name));
    const expressions = loaded.columns.map(({ name, observer }, at) => {
      const facts = observer.facts();
      const type = Object.hasOwn(casts, name) ? (casts[name] ?? facts.type) : facts.type;
      const isExact = Object.hasOwn(casts, name);
      const wrong = facts.misfits[type] ?? (isExact && type === 'decimal' ? facts.inexact : undefined);
      if (wrong !== undefined) throw misfit(name, type, wrong);
      return `${programExpression(rawColumn(at), type, isExact)} AS ${quotedName(name)}`;
    });
    const query = { sql: `SELECT ${expressions.join(', ')} FROM ${workbench.tableReference(loaded.table)} ORDER BY _row`, parameters: {}, casts };
    const stored = await workbench.store(query, { database: '', databases: [], tables: [loaded.table] }, tableId, context);
    return { ...stored, notices: [...loaded.notices, ...stored.notices] };
  } finally {
    await file.close();
    await workbench.drop([raw]).catch(() => undefined);
  }
}

function lacking(column: string, there: string[]): Problem {
  return new Problem('query_failed', { ru: `Тип задан столбцу «${column}», а скрипт его не отдал. Есть: ${there.join(', ')}.`, en: `A type is given to the column “${column}”, which the script did not return. There are: ${there.join(', ')}.` });
}
