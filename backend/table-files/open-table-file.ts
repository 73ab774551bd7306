import { open } from 'node:fs/promises';
import { Problem } from '../../shared/problem.ts';
import { openCsv } from './csv-file.ts';
import type { OpenTableFile } from './table-file.ts';
import { openXlsx } from './xlsx-file.ts';

const headBytes = 65_536;

const oldWorkbook = (): Problem =>
  new Problem('invalid_values', { ru: 'Это книга старого вида (XLS) или книга под паролем. Сохраните её как XLSX без пароля и выберите файл ещё раз.', en: 'This is an old workbook (XLS) or one with a password. Save it as XLSX without a password and choose the file again.' });

const emptyFile = (): Problem => new Problem('invalid_values', { ru: 'Файл пуст.', en: 'The file is empty.' });

/** Opens a person's table by what stands in the file, whatever its name. Throws Problem in words for its person. */
export async function openTableFile(path: string): Promise<OpenTableFile> {
  const head = await headOf(path);
  if (head.length === 0) throw emptyFile();
  if (head.length > 3 && head.readUInt16BE(0) === 0x504b && head[2] === 3 && head[3] === 4) return openXlsx(path);
  if (head.length > 7 && head.readUInt32BE(0) === 0xd0cf11e0) throw oldWorkbook();
  return openCsv(path, head);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
