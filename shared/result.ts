import { z } from 'zod';
import { localText } from './language.ts';

/** What a column means to a reader: decides its format in the sheet, the XLSX and the CSV for Excel. */
export const columnTypes = ['text', 'code', 'integer', 'decimal', 'percent', 'money', 'date', 'datetime', 'flag', 'link'] as const;
export const columnType = z.enum(columnTypes);
export type ColumnType = z.infer<typeof columnType>;

/** One column of a stored result. `name` is unique in its result; `engineType` is the ClickHouse type it is stored as. */
export const resultColumn = z.strictObject({
  name: z.string(),
  title: localText,
  type: columnType,
  engineType: z.string(),
});
export type ResultColumn = z.infer<typeof resultColumn>;

/**
 * One value on the wire, exact in every case:
 * 64-bit integers and decimals are strings, `date` is `YYYY-MM-DD`, `datetime` is `YYYY-MM-DD hh:mm:ss[.fff…]` in the
 * company's time zone, `flag` is a boolean, `code`, `text`, `link` are strings, anything may be null.
 */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;

/** A finished result as a list shows it. `bytes` is the size of its rows as JSON text, uncompressed. */
export const resultSummary = z.strictObject({
  name: z.string(),
  title: localText,
  rows: z.number().int(),
  bytes: z.number().int(),
  columns: z.array(resultColumn),
  /** What was mended or should be known: equal column names numbered, a bare NULL column, codes that Excel's CSV would damage. */
  notices: z.array(localText),
  /** False once retention has removed the rows; counts and fingerprints stay. */
  available: z.boolean(),
});
export type ResultSummary = z.infer<typeof resultSummary>;

/** A page of rows in stored order: columns once, then arrays. */
export const resultPage = z.strictObject({
  result: z.string(),
  offset: z.number().int(),
  total: z.number().int(),
  columns: z.array(resultColumn),
  rows: z.array(z.array(cell)),
});
export type ResultPage = z.infer<typeof resultPage>;

/** A chart that the task asks for; drawn natively in the sheet and in the pane. `x` and `y` are column names of `result`. */
export const chart = z.strictObject({
  kind: z.enum(['column', 'bar', 'line', 'area', 'pie']),
  x: z.string(),
  y: z.array(z.string()).min(1),
  result: z.string().optional(),
});
export type Chart = z.infer<typeof chart>;
