/** How ClickHouse writes a NULL as text. */
const nullText = 'ᴺᵁᴸᴸ';
const narrowNumber = /^(?:LowCardinality\()?(?:Nullable\()?(?:U?Int(?:8|16|32)|B?Float\d+)\)*$/;

/** Rows whose values all came as text, as rows of JSON: narrow numbers as numbers, wide and decimal ones as text. The first two lines are names and types. */
export function textRows([names = [], types = [], ...rows]: unknown[][]): unknown[][] {
  const readers = types.map((type) => reader(String(type)));
  return [names, types, ...rows.map((row) => row.map((value, at) => readers[at]?.(String(value))))];
}

function reader(type: string): (text: string) => unknown {
  const read = plainReader(type);
  return /\bNullable\(/.test(type) && !/^(?:Array|Map|Tuple)/.test(type) ? (text) => (text === nullText ? null : read(text)) : read;
}

function plainReader(type: string): (text: string) => unknown {
  if (narrowNumber.test(type)) return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
  return /^(?:Nullable\()?Bool\)?$/.test(type) ? (text) => text === 'true' : (text) => text;
}
