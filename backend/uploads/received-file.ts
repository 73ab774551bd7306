import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../shared/problem.ts';

const megabyte = 1_000_000;

export function tooLargeFile(most: number): Problem {
  const size = Math.floor(most / megabyte);
  return new Problem('too_large', { ru: `Файл больше ${size} МБ. Оставьте нужные столбцы и строки или разделите файл.`, en: `The file is larger than ${size} MB. Keep the columns and rows that are needed, or split it.` });
}

const diskFull = (cause: unknown): Problem => new Problem('disk_full', { ru: 'На сервере нет места для файла. Скажите оператору.', en: 'The server has no room for the file. Tell the operator.' }, { cause });

const brokenOff = (cause: unknown): Problem => new Problem('interrupted', { ru: 'Файл дошёл не до конца. Выберите его ещё раз.', en: 'The file did not arrive whole. Choose it again.' }, { cause });

function limited(most: number): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      total += chunk.length;
      if (total > most) callback(tooLargeFile(most));
      else callback(null, chunk);
    },
  });
}

/** Has `work` done on a copy of the bytes on disk, which is gone afterwards. */
export async function withReceivedFile<T>(bytes: Readable, { directory, id, most, signal }: { directory: string; id: string; most: number; signal: AbortSignal }, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(directory, id);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await pipeline(bytes, limited(most), createWriteStream(path, { mode: 0o600 }), { signal }).catch((error: unknown) => {
      if (error instanceof Problem) throw error;
      throw error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT') ? diskFull(error) : brokenOff(error);
    });
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}
