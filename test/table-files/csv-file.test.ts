import { expect, test } from 'vitest';
import { openTableFile } from '../../backend/table-files/index.ts';
import { fileWith, inWindows1251 } from './files.ts';

async function read(bytes: Uint8Array | string) {
  const file = await openTableFile(await fileWith(bytes));
  const rows: { number: number; cells: string[]; fault?: unknown }[] = [];
  for await (const batch of file.rows) rows.push(...batch);
  await file.close();
  return { as: file.writtenAs, rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')) };
}
const cells = async (bytes: Uint8Array | string) => (await read(bytes)).rows.map((row) => row.cells);

test('Windows-1251 with semicolons, a decimal comma and a line break in quotes', async () => {
  const { as, rows } = await read(inWindows1251('Карта;Город;Сумма\r\n001;"Нижний\r\nНовгород";12,50\r\n002;Орёл «Центр» №1;3\r\n'));
  expect(as).toEqual({ format: 'csv', encoding: 'windows-1251', delimiter: ';' });
  expect(rows.map((row) => row.cells)).toEqual([['Карта', 'Город', 'Сумма'], ['001', 'Нижний\nНовгород', '12,50'], ['002', 'Орёл «Центр» №1', '3']]);
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test.each([
  ['UTF-8', Buffer.from('город,код\nМосква,1\n'), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from('\ufeffгород,код\nМосква,1\n'), 'utf-8'],
  ['UTF-16 as Excel saves "Unicode text"', Buffer.from('\ufeffгород\tкод\r\nМосква\t1\r\n', 'utf16le'), 'utf-16le'],
  ['UTF-16 without a mark', Buffer.from('город,код\nМосква,1\n', 'utf16le'), 'utf-16le'],
  ['UTF-16 the other way round', Buffer.from('\ufeffгород,код\nМосква,1\n', 'utf16le').swap16(), 'utf-16be'],
])('%s', async (_name, bytes, encoding) => {
  const { as, rows } = await read(bytes);
  expect(as).toMatchObject({ encoding });
  expect(rows.map((row) => row.cells)).toEqual([['город', 'код'], ['Москва', '1']]);
});

test.each([
  ['commas with quoted commas', 'a,b,c\n1,"x, y",2\n3,z,4\n', ','],
  ['semicolons beside decimal commas', 'a;b\n1,5;2,5\n3,5;4,5\n', ';'],
  ['tabs', 'a\tb\n1\t2\n', '\t'],
  ['what the file says itself', 'sep=|\na|b;c\n1|2;3\n', '|'],
])('the delimiter is found: %s', async (_name, text, delimiter) => {
  expect((await read(text)).as).toMatchObject({ delimiter });
});

test('one column is a table too, commas in it included', async () => {
  expect(await cells('name\nIvanov, Ivan\nPetrov, Petr\nSidorov\n')).toEqual([['name'], ['Ivanov, Ivan'], ['Petrov, Petr'], ['Sidorov']]);
});

test('a first line "sep=;" is no row, and rows keep their numbers', async () => {
  const { rows } = await read('sep=;\na;b\n1;2\n');
  expect(rows).toEqual([{ number: 2, cells: ['a', 'b'] }, { number: 3, cells: ['1', '2'] }]);
});

test('old line ends, blank rows and a missing last line end', async () => {
  expect(await cells('a,b\r1,2\r\r3,4')).toEqual([['a', 'b'], ['1', '2'], ['3', '4']]);
});

test('damaged characters and broken quotes are told by row', async () => {
  const damaged = await read(Buffer.concat([Buffer.from(`город,код\n${'Москва,1\n'.repeat(30)}`), Buffer.from([0xd0]), Buffer.from('осква,2\n')]));
  expect(damaged.as).toMatchObject({ encoding: 'utf-8' });
  expect(damaged.rows.filter(({ fault }) => fault !== undefined).map(({ number }) => number)).toEqual([32]);
  const quotes = await read('a,b\n1,"x"y\n2,z\n');
  expect(quotes.rows.find(({ fault }) => fault !== undefined)?.number).toBe(2);
});

test('a quote that is never closed ends the reading early, naming its row', async () => {
  const text = `a,b\n1,2\n3,"open\n${'4,5\n'.repeat(1_300_000)}`;
  await expect(read(text)).rejects.toMatchObject({ code: 'invalid_values', message: expect.stringContaining('Row 3') });
});

test.each([
  ['an empty file', Buffer.from('')],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2, 0, 0, 0, 3, 0, 9, 0, 0])],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1000000000000', 'hex')],
  ['an archive that is no workbook', Buffer.from('504b0304000000000000', 'hex')],
])('%s is refused in words', async (_name, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'invalid_values' });
});

test('a large file is read with little memory', async () => {
  const path = await fileWith(`id,name\n${Array.from({ length: 600_000 }, (_, at) => `${at},name ${at}`).join('\n')}\n`);
  const before = process.memoryUsage().rss;
  const file = await openTableFile(path);
  let rows = 0;
  let most = 0;
  for await (const batch of file.rows) {
    rows += batch.length;
    most = Math.max(most, process.memoryUsage().rss - before);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(rows).toBe(600_001);
  expect(most).toBeLessThan(150_000_000);
});
