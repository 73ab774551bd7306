import { bareType } from '../../../shared/engine-type.ts';
import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import type { StoredColumn } from '../../workbench/workbench.ts';

/** A column of an answer, as SQL Server describes it: `type` is the bare name, such as `decimal`. */
export interface ServerColumn {
  name: string;
  type: string;
  precision: number;
  scale: number;
  nullable: boolean;
}

const binaryTypes = new Set(['binary', 'varbinary', 'image', 'timestamp', 'rowversion', 'geography', 'geometry', 'hierarchyid', 'udt']);
const textTypes = new Set(['char', 'varchar', 'text', 'nchar', 'nvarchar', 'ntext', 'xml', 'sysname', 'time', 'json']);
const fixedTypes: Record<string, string> = {
  bit: 'Bool',
  tinyint: 'UInt8',
  smallint: 'Int16',
  int: 'Int32',
  bigint: 'Int64',
  real: 'Float32',
  float: 'Float64',
  money: 'Decimal(19, 4)',
  smallmoney: 'Decimal(10, 4)',
  date: 'Date32',
  uniqueidentifier: 'UUID',
};

/** Whether the column's bytes are shown as hexadecimal text. */
export function isBinary({ type }: ServerColumn): boolean {
  return binaryTypes.has(type);
}

/** Whether the column's text is filled up with spaces to its declared length. */
export function isPadded({ type }: ServerColumn): boolean {
  return type === 'char' || type === 'nchar';
}

/** Whether its values are points in time that may lie outside what the workbench keeps. */
export function isCalendar({ type }: ServerColumn): boolean {
  return type === 'date' || isClock({ type }) || type === 'datetimeoffset';
}

/** Whether its values are local times, without a zone. */
export function isClock({ type }: Pick<ServerColumn, 'type'>): boolean {
  return type === 'datetime' || type === 'datetime2' || type === 'smalldatetime';
}

/** The column as the workbench keeps it. `zone` is that of times without a zone. Throws Problem for a type that can't be read exactly. */
export function storedColumn(column: ServerColumn, zone: string): StoredColumn {
  const type = bareEngineType(column, zone);
  return { name: column.name, engineType: column.nullable ? `Nullable(${type})` : type };
}

function bareEngineType(column: ServerColumn, zone: string): string {
  const { type, precision, scale } = column;
  if (textTypes.has(type) || isBinary(column)) return 'String';
  if (type === 'decimal' || type === 'numeric') return `Decimal(${precision}, ${scale})`;
  if (isClock(column) || type === 'datetimeoffset') return `DateTime64(${clockDigits(column)}, '${zone}')`;
  const fixed = fixedTypes[type];
  if (fixed !== undefined) return fixed;
  throw new Problem('query_failed', {
    ru: `Столбец «${column.name}» типа ${type} нельзя прочитать точно. Напишите CAST(${column.name} AS nvarchar(4000)) AS ${column.name}.`,
    en: `Column “${column.name}” of type ${type} cannot be read exactly. Write CAST(${column.name} AS nvarchar(4000)) AS ${column.name}.`,
  });
}

/** Digits after the second. */
export function clockDigits({ type, scale }: Pick<ServerColumn, 'type' | 'scale'>): number {
  if (type === 'smalldatetime') return 0;
  return type === 'datetime' ? 3 : scale;
}

/** Columns without a name (`SELECT count(*)`) get one, with a notice. */
export function namedColumns(columns: ServerColumn[]): { columns: ServerColumn[]; notices: LocalText[] } {
  const notices: LocalText[] = [];
  const named = columns.map((column, at) => {
    if (column.name !== '') return column;
    const name = `column_${at + 1}`;
    notices.push({ ru: `У столбца ${at + 1} нет имени, он назван «${name}». Дайте имя: … AS имя.`, en: `Column ${at + 1} has no name; it is called “${name}”. Name it: … AS name.` });
    return { ...column, name };
  });
  for (const column of named.filter(isBinary)) notices.push({ ru: `В столбце «${column.name}» двоичные данные: показаны как текст 0x….`, en: `Column “${column.name}” holds binary data: shown as text 0x….` });
  return { columns: named, notices };
}

/** The column from `decimal(18,2)`, as `sp_describe_first_result_set` names types. */
export function describedColumn(name: string, typeName: string, nullable: boolean): ServerColumn {
  const [, type = typeName, first, second] = /^(\w+)(?:\((\w+)(?:,\s*(\w+))?\))?/.exec(typeName) ?? [];
  const isDecimal = type === 'decimal' || type === 'numeric';
  return { name, type, nullable, precision: isDecimal ? Number(first ?? 18) : 0, scale: isDecimal ? Number(second ?? 0) : Number(first ?? 7) || 0 };
}

/** How wide a text column of a temporary table must be, and whether it is ASCII alone. */
export interface TextSize {
  bytes: number;
  ascii: boolean;
}

/** A T-SQL type that keeps every value of a ClickHouse type, and one value of it. */
export function serverType(engineType: string, text: TextSize = { bytes: 8_000, ascii: false }): { declared: string; example: string } {
  const type = bareType(engineType);
  const decimal = /^Decimal(?:32|64|128)?\((\d+)(?:,\s*(\d+))?\)$/.exec(type);
  if (decimal !== null && Number(decimal[1]) <= 38) return { declared: `decimal(${decimal[1]}, ${decimal[2] ?? 0})`, example: '0' };
  const clock = /^DateTime64\((\d)/.exec(type);
  if (clock !== null) return { declared: `datetime2(${Math.min(7, Number(clock[1]))})`, example: "'2000-01-01'" };
  if (type.startsWith('DateTime')) return { declared: 'datetime2(0)', example: "'2000-01-01'" };
  return plainTypes[type] ?? { declared: textType(text), example: "''" };
}

const number = (declared: string): { declared: string; example: string } => ({ declared, example: '0' });
const plainTypes: Record<string, { declared: string; example: string }> = {
  Bool: number('bit'),
  UInt8: number('tinyint'),
  Int8: number('smallint'),
  Int16: number('smallint'),
  UInt16: number('int'),
  Int32: number('int'),
  UInt32: number('bigint'),
  Int64: number('bigint'),
  UInt64: number('decimal(20, 0)'),
  Float32: number('real'),
  Float64: number('float'),
  Date: { declared: 'date', example: "'2000-01-01'" },
  Date32: { declared: 'date', example: "'2000-01-01'" },
  UUID: { declared: 'uniqueidentifier', example: "'00000000-0000-0000-0000-000000000000'" },
};

/** ASCII as varchar: compared with an nvarchar column it is the one that is converted, so either column's index serves. */
export function textType({ bytes, ascii }: TextSize): string {
  const most = ascii ? 8_000 : 4_000;
  const kind = ascii ? 'varchar' : 'nvarchar';
  const length = [20, 50, 200, 850, most].find((size) => size <= most && size >= bytes);
  return `${kind}(${length ?? 'max'})`;
}
