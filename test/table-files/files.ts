import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file with these bytes, gone after the test. */
export async function fileWith(bytes: Uint8Array | string, name = 'given'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-file-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

/** Windows-1251, by the letters' own places in it. */
export function inWindows1251(text: string): Buffer {
  const special: Record<string, number> = { Ё: 0xa8, ё: 0xb8, '№': 0xb9, '«': 0xab, '»': 0xbb, '—': 0x97 };
  return Buffer.from([...text].map((letter) => special[letter] ?? (/[А-я]/.test(letter) ? letter.charCodeAt(0) - 0x410 + 0xc0 : letter.charCodeAt(0))));
}
