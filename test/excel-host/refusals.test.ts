import { beforeEach, describe, expect, it } from 'vitest';
import { ExcelHost, loadOfficeInNode, Workbook, type NodeOffice } from './index.ts';

let office: NodeOffice;
let workbook: Workbook;

function open(culture = 'ru-RU'): void {
  workbook = new Workbook({ culture });
  office = loadOfficeInNode(new ExcelHost(workbook));
}

beforeEach(() => open());

/** The code with which a batch on the active sheet ends, or `done`. */
async function codeOf(work: (sheet: Excel.Worksheet, context: Excel.RequestContext) => unknown): Promise<string> {
  return office.Excel.run(async (context) => {
    work(context.workbook.worksheets.getActiveWorksheet(), context);
    await context.sync();
    return 'done';
  }).catch((error: { code: string }) => error.code);
}

function any<T>(value: unknown): T {
  return value as T;
}

describe('what the simulated Excel refuses', () => {
  it.each<[string, (sheet: Excel.Worksheet, context: Excel.RequestContext) => unknown]>([
    ['too few rows of values', (sheet) => (sheet.getRange('A1:B2').values = [[1, 2]])],
    ['too many columns of values', (sheet) => (sheet.getRange('A1:B2').values = [[1, 2, 3], [1, 2, 3]])],
    ['rows of unequal length', (sheet) => (sheet.getRange('A1:B2').values = [[1, 2], [1]])],
    ['values that no cell takes', (sheet) => (sheet.getRange('A1').values = [[{ a: 1 }]])],
    ['32,768 characters in a cell', (sheet) => (sheet.getRange('A1').values = [['x'.repeat(32_768)]])],
    ['row 1,048,577', (sheet) => sheet.getRange('A1048577')],
    ['column 16,385', (sheet) => sheet.getRangeByIndexes(0, 16_384, 1, 1)],
    ['a negative size', (sheet) => sheet.getRange('B2').getResizedRange(-1, 0)],
    ['what is no address', (sheet) => sheet.getRange('Лист 1 A1')],
    ['a table over a table', (sheet) => [sheet.tables.add('A1:B3', true), sheet.tables.add('B3:C4', true)]],
    ['two tables of one name', (sheet) => ['A1:A2', 'C1:C2'].map((address) => (sheet.tables.add(address, true).name = 'Cards'))],
    ['a table named like a cell', (sheet) => (sheet.tables.add('A1:A2', true).name = 'AB12')],
    ['a table name with a space', (sheet) => (sheet.tables.add('A1:A2', true).name = 'my cards')],
    ['a table grown over another', (sheet) => [sheet.tables.add('A5:B6', true), sheet.tables.add('A1:B2', true).resize('A1:B5')]],
    ['a table whose header moves', (sheet) => sheet.tables.add('A1:B4', true).resize('A2:B4')],
    ['a header that is emptied', (sheet) => [sheet.tables.add('A1:B4', true), sheet.getRange('A1:A4').clear()]],
    ['cells pushed through a table', (sheet) => [sheet.tables.add('B5:D6', true), sheet.getRange('A1:B1').insert('Down')]],
    ['a sheet name of 32 characters', (_sheet, context) => context.workbook.worksheets.add('я'.repeat(32))],
    ['a sheet name with a slash', (_sheet, context) => context.workbook.worksheets.add('Карты/Лента')],
    ['a sheet name in apostrophes', (_sheet, context) => context.workbook.worksheets.add("'Карты'")],
    ['a reserved sheet name', (_sheet, context) => context.workbook.worksheets.add('журнал')],
    ['hiding the last sheet', (sheet) => (sheet.visibility = 'Hidden')],
    ['a custom part that is no XML', (_sheet, context) => context.workbook.customXmlParts.add('<a xmlns="urn:x">Лента & Ко</a>')],
    ['reading over five million cells', (sheet) => sheet.getRange('A1:F1000000').load('values')],
  ])('%s', async (_what, work) => {
    expect(await codeOf(work)).toBe('InvalidArgument');
  });

  it('a sheet name that is taken, in any case', async () => {
    expect(await codeOf((_sheet, context) => context.workbook.worksheets.add('ЛИСТ1'))).toBe('ItemAlreadyExists');
  });

  it('what is not there', async () => {
    expect(await codeOf((_sheet, context) => context.workbook.worksheets.getItem('Нет').load('name'))).toBe('ItemNotFound');
    expect(await codeOf((_sheet, context) => context.workbook.tables.getItem('Нет').load('name'))).toBe('ItemNotFound');
  });

  it('deleting the last sheet', async () => {
    expect(await codeOf((sheet) => sheet.delete())).toBe('InvalidOperation');
  });

  it('requests over 5 MB, whole', async () => {
    const refusal = await codeOf((sheet) => {
      sheet.getRange('B1').values = [['kept out']];
      sheet.getRange('A1:A170').values = Array.from({ length: 170 }, () => ['я'.repeat(16_000)]);
    });
    expect(refusal).toBe('RequestPayloadSizeLimitExceeded');
    expect(workbook.activeSheet.used()).toBeUndefined();
  });

  it('answers over 5 MB', async () => {
    for (let row = 1; row <= 170; row++) workbook.activeSheet.range(`A${row}`).enter('я'.repeat(16_000));
    expect(await codeOf((sheet) => sheet.getRange('A1:A170').load('values'))).toBe('ResponsePayloadSizeLimitExceeded');
  });

  it('members that it does not know, by name', async () => {
    expect(await codeOf((sheet) => sheet.getRange('A1').showCard())).toBe('ApiNotFound');
    expect(await codeOf((sheet) => sheet.getRange('A1').load('hyperlink'))).toBe('ApiNotFound');
    expect(await codeOf((sheet) => (sheet.standardWidth = 10))).toBe('ApiNotFound');
    expect(office.host.unknownCalls.map((text) => /know (\S+)/.exec(text)?.[1])).toEqual(['Range.showCard().', 'Range.hyperlink', 'Worksheet.standardWidth']);
  });

  it('only the failing call and those after it: what came before stays done', async () => {
    await codeOf((sheet) => [any(((sheet.getRange('A1').values = [[1]]), (sheet.getRange('A2:A3').values = [[1]]), (sheet.getRange('A4').values = [[1]])))]);
    expect(workbook.activeSheet.range('A1:A4').values).toEqual([[1], [''], [''], ['']]);
  });
});

describe('what the simulated Excel makes of text in General cells', () => {
  it.each<[string, string | number, unknown, string]>([
    ['ru-RU', '9643000000000000017', 9643000000000000000, 'digits'],
    ['ru-RU', 9643000000000000017, 9643000000000000000, 'none'],
    ['ru-RU', 1234567890123456, 1234567890123460, 'digits'],
    ['ru-RU', '0012345', 12345, 'number'],
    ['ru-RU', '400638133393', 400638133393, 'number'],
    ['ru-RU', '1.5', 46143, 'date'],
    ['ru-RU', '1/2', 46054, 'date'],
    ['en-US', '1/2', 46024, 'date'],
    ['en-US', '1.5', 1.5, 'number'],
    ['ru-RU', '1,5', 1.5, 'number'],
    ['ru-RU', '3-4', 46115, 'date'],
    ['ru-RU', '2026-10-05', 46300, 'date'],
    ['ru-RU', '05.10.2026', 46300, 'date'],
    ['ru-RU', '50%', 0.5, 'number'],
    ['ru-RU', '+79161234567', 79161234567, 'number'],
    ['ru-RU', 'истина', true, 'flag'],
    ['ru-RU', "'007", '007', 'none'],
    ['ru-RU', 'Ёж', 'Ёж', 'none'],
  ])('%s %j becomes %j (%s)', async (culture, given, kept, kind) => {
    open(culture);
    await codeOf((sheet) => (sheet.getRange('A1').values = [[given]]));
    expect(workbook.activeSheet.range('A1').values).toEqual([[kept]]);
    expect(workbook.changes.map((change) => change.kind)).toEqual(kind === 'none' ? [] : [kind]);
  });

  it.each(['=1+1', '@x', '+x', '-x'])('%s becomes a formula', async (given) => {
    await codeOf((sheet) => (sheet.getRange('A1').values = [[given]]));
    expect(workbook.activeSheet.range('A1').formulas[0]?.[0]).toMatch(/^=/);
    expect(workbook.changes[0]?.kind).toBe('formula');
  });

  it('keeps every text as it is in cells of the text format set before', async () => {
    const texts = ['9643000000000000017', '0012', '1/2', '=1+1', '@x', '+7', '2026-10-05', "'x"].map((text) => [text]);
    await codeOf((sheet) => {
      const range = sheet.getRange('A1:A8');
      range.numberFormat = any('@');
      range.values = texts;
    });
    expect(workbook.activeSheet.range('A1:A8').values).toEqual(texts);
    expect(workbook.changes).toEqual([]);
  });

  it('extends a table by what is entered right below it, but not by empty cells', async () => {
    await codeOf((sheet) => sheet.tables.add('A1:B2', true));
    await codeOf((sheet) => (sheet.getRange('A3:B3').values = [['', '']]));
    expect(workbook.tables[0]?.area.rows).toBe(2);
    await codeOf((sheet) => (sheet.getRange('A3:B4').values = [['x', ''], ['y', '']]));
    expect(workbook.tables[0]?.area.rows).toBe(4);
  });
});
