import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { openTableFile } from '../../backend/table-files/index.ts';
import { fileWith } from './files.ts';

async function read(bytes: Uint8Array) {
  const file = await openTableFile(await fileWith(bytes));
  try {
    const rows: { number: number; cells: string[]; rounded?: number[] }[] = [];
    for await (const batch of file.rows) rows.push(...batch);
    return { as: file.writtenAs, rows };
  } finally {
    await file.close();
  }
}

async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** An archive of these parts, as a program other than Excel may write one. */
function archive(parts: Record<string, string | Buffer>, change: (name: string, packed: Buffer) => Buffer = (_name, packed) => packed): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const packed = change(name, deflateRawSync(text));
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(text), 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    locals.push(local, packed);
    entries.push(entry);
    offset += local.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
function parts(sheet: string | Buffer, more: { workbook?: string; relations?: string; others?: Record<string, string> } = {}): Record<string, string | Buffer> {
  return {
    '_rels/.rels': `<Relationships xmlns="x"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': more.workbook ?? `<workbook xmlns:r="${office}"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${office}/worksheet" Target="/xl/worksheets/sheet1.xml"/>${more.relations ?? ''}</Relationships>`,
    'xl/worksheets/sheet1.xml': sheet,
    ...more.others,
  };
}

test('texts, numbers, dates, formulas and long digits of a workbook that ExcelJS wrote', async () => {
  const { as, rows } = await read(
    await workbook((book) => {
      const sheet = book.addWorksheet('Клиенты');
      sheet.addRow(['Карта', 'Город', 'Сумма', 'День', 'Момент', 'Доля', 'Формула', 'Да']);
      sheet.addRow(['0042', { richText: [{ text: 'Ниж' }, { text: 'ний' }] }, 0.1 + 0.2, new Date(Date.UTC(2026, 2, 1)), new Date(Date.UTC(2026, 2, 1, 10, 30, 15)), 0.25, { formula: 'A1', result: 7 }, true]);
      sheet.getCell('D2').numFmt = 'dd.mm.yyyy';
      sheet.getCell('E2').numFmt = '[$-419]d mmm yyyy hh:mm;@';
      sheet.getCell('F2').numFmt = '0%';
      sheet.getCell('A5').value = 4276380012345678;
      sheet.getCell('B5').value = 'a & b <c> "d"';
      book.addWorksheet('Второй').addRow(['не этот']);
    }),
  );
  expect(as).toEqual({ format: 'xlsx', sheet: 'Клиенты' });
  expect(rows).toEqual([
    { number: 1, cells: ['Карта', 'Город', 'Сумма', 'День', 'Момент', 'Доля', 'Формула', 'Да'] },
    { number: 2, cells: ['0042', 'Нижний', '0.3', '2026-03-01', '2026-03-01 10:30:15', '0.25', '7', 'true'] },
    { number: 5, cells: ['4276380012345678', 'a & b <c> "d"'], rounded: [0] },
  ]);
});

test('days since 1904, text in the cell itself, readings left out, cells without addresses, any prefix', async () => {
  const sheet = `<x:worksheet xmlns:x="y"><x:sheetData>
    <x:row><x:c t="inlineStr"><x:is><x:t>day</x:t></x:is></x:c><x:c t="s"><x:v>0</x:v></x:c><x:c t="str"><x:v>text</x:v></x:c></x:row>
    <x:row><x:c s="1"><x:v>0</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c t="d"><x:v>2026-03-01T00:00:00</x:v></x:c></x:row>
  </x:sheetData></x:worksheet>`;
  const { rows } = await read(
    archive(
      parts(sheet, {
        workbook: `<workbook xmlns:r="${office}"><workbookPr date1904="1"/><sheets><sheet name="Hidden" sheetId="2" state="hidden" r:id="rId9"/><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>`,
        relations: `<Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${office}/sharedStrings" Target="sharedStrings.xml"/>`,
        others: {
          'xl/styles.xml': '<styleSheet><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
          'xl/sharedStrings.xml': '<sst><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si></sst>',
        },
      }),
    ),
  );
  expect(rows.map(({ cells }) => cells)).toEqual([['day', '東京', 'text'], ['1904-01-01', '#N/A', '2026-03-01']]);
});

test('serial days before March 1900 are as Excel shows them', async () => {
  const sheet = '<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="1"><v>59</v></c><c r="C1" s="1"><v>61</v></c><c r="D1" s="1"><v>0.5</v></c></row></sheetData></worksheet>';
  const styles = { relations: `<Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/>`, others: { 'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>' } };
  expect((await read(archive(parts(sheet, styles)))).rows[0]?.cells).toEqual(['1900-01-01', '1900-02-28', '1900-03-01', '12:00:00']);
});

test('a bomb is refused before it fills memory or disk', async () => {
  const bomb = Buffer.concat([Buffer.from('<worksheet><sheetData>'), Buffer.alloc(150_000_000, ' '), Buffer.from('</sheetData></worksheet>')]);
  await expect(read(archive(parts(bomb)))).rejects.toMatchObject({ code: 'too_large' });
});

test('entities that grow, document types and broken XML are refused', async () => {
  const entity = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>';
  await expect(read(archive(parts(entity)))).rejects.toMatchObject({ code: 'invalid_values' });
  await expect(read(archive(parts('<worksheet><sheetData><row>')))).rejects.toMatchObject({ code: 'invalid_values' });
  await expect(read(archive(parts('<worksheet><sheetData><row r="1"><c r="ZZZZZ1"><v>1</v></c></row></sheetData></worksheet>')))).rejects.toMatchObject({ code: 'invalid_values' });
});

test('a workbook that was cut off, or whose parts are damaged, is refused', async () => {
  const whole = await workbook((book) => void book.addWorksheet('a').addRow([1]));
  await expect(read(whole.subarray(0, whole.length - 200))).rejects.toMatchObject({ code: 'invalid_values' });
  const damaged = archive(parts('<worksheet/>'), (name, packed) => (name.includes('sheet1') ? Buffer.from(packed).fill(0xff) : packed));
  await expect(read(damaged)).rejects.toMatchObject({ code: 'invalid_values' });
  const chart = archive({ ...parts('<worksheet/>'), 'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${office}/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>` });
  await expect(read(chart)).rejects.toMatchObject({ code: 'invalid_values', message: expect.stringContaining('first sheet') });
});
