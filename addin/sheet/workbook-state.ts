import { recordFromXml, recordNamespace, type BlockRecord } from './block-record.ts';
import { sync } from './excel-session.ts';
import { provenanceSheetNames, provenanceTitle } from './provenance-words.ts';

export interface StoredRecord {
  partId: string;
  record: BlockRecord;
}

/** A table of the workbook and the sheet that it is on now. */
export interface TableSpot {
  id: string;
  name: string;
  sheetName: string;
}

/** What must be known of the workbook before anything is written to it. */
export interface WorkbookState {
  sheetNames: string[];
  /** Names of tables and defined names: they share one space. */
  takenNames: string[];
  tables: TableSpot[];
  records: StoredRecord[];
  /** Name of our own provenance sheet, where there is one. */
  provenanceSheet: string | undefined;
  /** The person has locked the workbook's structure: no sheet can be added. */
  structureLocked: boolean;
}

/** Reads it in one request, and a second one where the workbook holds blocks. */
export async function readWorkbook(context: Excel.RequestContext, seconds?: number): Promise<WorkbookState> {
  const { worksheets, tables, names, customXmlParts, protection } = context.workbook;
  worksheets.load('items/name');
  tables.load('items/id,items/name,items/worksheet/name');
  names.load('items/name');
  protection.load('protected');
  const parts = customXmlParts.getByNamespace(recordNamespace);
  parts.load('items/id');
  const marks = provenanceSheetNames.map((name) => worksheets.getItemOrNullObject(name).getRange('A1'));
  for (const mark of marks) mark.load('values');
  await sync(context, seconds);
  const records = await readRecords(context, parts.items, seconds);
  return {
    sheetNames: worksheets.items.map(({ name }) => name),
    takenNames: [...tables.items, ...names.items].map(({ name }) => name),
    tables: tables.items.map(({ id, name, worksheet }) => ({ id, name, sheetName: worksheet.name })),
    records,
    provenanceSheet: provenanceSheetNames.find((_name, index) => isMarked(marks[index])),
    structureLocked: protection.protected,
  };
}

function isMarked(mark: Excel.Range | undefined): boolean {
  const value: unknown = mark && !mark.isNullObject ? mark.values[0]?.[0] : undefined;
  return typeof value === 'string' && Object.values(provenanceTitle).includes(value);
}

async function readRecords(context: Excel.RequestContext, parts: Excel.CustomXmlPart[], seconds: number | undefined): Promise<StoredRecord[]> {
  if (parts.length === 0) return [];
  const texts = parts.map((part) => ({ partId: part.id, xml: part.getXml() }));
  await sync(context, seconds);
  return texts.flatMap(({ partId, xml }) => {
    const record = recordFromXml(xml.value);
    return record ? [{ partId, record }] : [];
  });
}

/** A record's table as it is now: by Excel's id, or by name where a copied workbook got new ids. */
export function tableOf(record: BlockRecord, tables: TableSpot[]): TableSpot | undefined {
  return tables.find(({ id }) => id === record.tableId) ?? tables.find(({ name }) => name === record.tableName);
}
