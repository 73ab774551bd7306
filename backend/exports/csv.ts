import type { Language } from '../../shared/language.ts';
import type { ColumnType, ResultColumn } from '../../shared/result.ts';
import { quotedName } from './column-name.ts';
import { fileOfRows, firstResult } from './csv-stream.ts';
import { bareType } from '../../shared/engine-type.ts';
import type { ExportFormat, RowsOptions } from './export-format.ts';

/** CSV that opens well in Excel by a double click: by its reader's separators, dates and titles, guarded against formulas. */
export const csv: ExportFormat = {
  id: 'csv',
  extension: '.csv',
  mimeType: 'text/csv; charset=utf-8',
  holds: 'one',
  write: async (request) => {
    const result = firstResult(request);
    const { prefix, ...options } = excelCsv(result.columns, request.language);
    return fileOfRows(result, options, prefix);
  },
};

/** What the engine is asked for, and what stands before its rows: a byte order mark and the line of titles. */
export interface ExcelCsv extends RowsOptions {
  prefix: string;
}

export function excelCsv(columns: ResultColumn[], language: Language): ExcelCsv {
  const delimiter = delimiters[language];
  const titles = columns.map((column) => `"${guardedTitle(column.title[language]).replaceAll('"', '""')}"`);
  return {
    format: 'CSV',
    select: columns.map((column) => ({ expression: expressions[column.type](quotedName(column.name), column, language), name: column.name })),
    settings: {
      format_csv_delimiter: delimiter,
      format_csv_null_representation: '',
      output_format_csv_crlf_end_of_line: 1,
      date_time_output_format: 'simple',
    },
    prefix: `\ufeff${titles.join(delimiter)}\r\n`,
  };
}

const delimiters: Record<Language, string> = { ru: ';', en: ',' };

type Expression = (name: string, column: ResultColumn, language: Language) => string;

/** Text as it is, with `'` before what Excel would take for a formula. */
const text: Expression = (name, { engineType }) => {
  if (isNumber(engineType)) return name;
  const value = isText(engineType) ? name : `toString(${name})`;
  return `if(${looksLikeFormula(value)}, concat('\\'', ${value}), ${value})`;
};

const number: Expression = (name, column, language) => {
  if (!isNumber(column.engineType)) return text(name, column, language);
  return language === 'ru' && !isInteger(column.engineType) ? `replaceOne(toString(${name}), '.', ',')` : name;
};

const date: Expression = (name, column, language) => {
  if (!isDate(column.engineType)) return text(name, column, language);
  const iso = `toString(${name})`;
  if (language === 'en') return iso;
  const time = `replaceOne(substring(${iso}, 11), '.', ',')`;
  return `concat(substring(${iso}, 9, 2), '.', substring(${iso}, 6, 2), '.', substring(${iso}, 1, 4), ${time})`;
};

const flag: Expression = (name, column, language) => {
  if (!isNumber(column.engineType)) return text(name, column, language);
  const [yes, no] = flagWords[language];
  return `if(isNull(${name}), NULL, if(${name} != 0, '${yes}', '${no}'))`;
};

const flagWords: Record<Language, [string, string]> = { ru: ['да', 'нет'], en: ['yes', 'no'] };

const isText = (engineType: string): boolean => /^(String|FixedString)/.test(bareType(engineType));
const isInteger = (engineType: string): boolean => /^U?Int\d/.test(bareType(engineType));
const isNumber = (engineType: string): boolean => /^(U?Int\d|B?Float|Decimal|Bool)/.test(bareType(engineType));
const isDate = (engineType: string): boolean => /^Date/.test(bareType(engineType));

/** Patterns that ClickHouse and JavaScript read alike. */
const formulaStart = '^[=+@\\t\\r-]';
const plainNumber = '^[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?$';
/** Bare, or with a space or bracket after the country: `+7-916-123` alone Excel would subtract, so it is guarded. */
const phone = '^[+]([0-9]{7,15}|[0-9]{1,4}( [0-9]| ?[(][0-9])[0-9 ()-]*)$';
const lonelyDash = '^-$';

function looksLikeFormula(value: string): string {
  const matches = (pattern: string): string => `match(${value}, '${pattern.replaceAll('\\', '\\\\')}')`;
  return `${matches(formulaStart)} AND NOT ${matches([plainNumber, phone, lonelyDash].join('|'))}`;
}

/** A title is an analyst's text, held to the same rule. */
function guardedTitle(title: string): string {
  return new RegExp(formulaStart).test(title) ? `'${title}` : title;
}

const expressions: Record<ColumnType, Expression> = {
  text,
  code: text,
  link: text,
  integer: number,
  decimal: number,
  percent: number,
  money: number,
  date,
  datetime: date,
  flag,
};
