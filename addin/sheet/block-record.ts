import { z } from 'zod';
import { language } from '../../shared/language.ts';
import { formValues } from '../../shared/form.ts';
import { columnType } from '../../shared/result.ts';
import { provenance } from '../../shared/run.ts';

const namespace = 'urn:tasksheet:block:1';

/** What the workbook keeps about one block: enough to understand it a year later and to ask the same question again. */
export const blockRecord = z.object({
  id: z.string(),
  /** Excel's id of the table, which outlives a new name; the name finds it where ids were given anew. */
  tableId: z.string(),
  tableName: z.string(),
  runId: z.string(),
  provenance,
  /** As entered, relative words kept: what a refresh submits. */
  values: formValues,
  result: z.string(),
  rows: z.number(),
  /** Our columns in order, with Excel's ids of the table's columns: headers may be renamed, columns added between them. */
  columns: z.array(z.object({ name: z.string(), type: columnType, tableColumnId: z.number() })),
  language,
  writtenAt: z.string(),
});
export type BlockRecord = z.infer<typeof blockRecord>;

export const recordNamespace = namespace;

/** The record as a custom XML part: it stays in the file whoever opens and saves it. */
export function recordToXml(record: BlockRecord): string {
  return `<block xmlns="${namespace}">${escapeXml(JSON.stringify(record))}</block>`;
}

/** `undefined` for a part that is not ours or was damaged. */
export function recordFromXml(xml: string): BlockRecord | undefined {
  const text = /<block[^>]*>([\s\S]*)<\/block>/.exec(xml)?.[1];
  if (text === undefined) return undefined;
  try {
    return blockRecord.safeParse(JSON.parse(unescapeXml(text))).data;
  } catch {
    return undefined;
  }
}

/** JSON has control characters escaped already; what XML cannot hold at all is written as a JSON escape. */
function escapeXml(json: string): string {
  return json
    .replace(/[\u007f-\u009f\ufffe\uffff\ud800-\udfff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
