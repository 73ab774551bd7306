import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import { Statement } from './statement.ts';

function refused(ru: string, en: string, cause?: unknown): Problem {
  return new Problem('invalid_request', { ru, en }, { cause });
}

/** The one SELECT of a file, in UTF-8 or Windows-1251, without the semicolon at its end. */
export async function readQueryFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw refused(`Файл ${path} не прочитан. Проверьте путь.`, `The file ${path} could not be read. Check the path.`, cause);
  });
  const sql = decoded(bytes).replace(/^\ufeff/, '').replace(/\r\n?/g, '\n').trim();
  const name = basename(path);
  const { code } = new Statement(sql);
  const first = code[0]?.text;
  if (first === undefined) throw refused(`В ${name} нет запроса.`, `There is no query in ${name}.`);
  if (!/^(select|with|\()$/i.test(first)) throw refused(`${name} начинается с ${first}. Нужен один запрос, который начинается с SELECT или WITH.`, `${name} begins with ${first}. One query is needed that begins with SELECT or WITH.`);
  const semicolon = code.findIndex((token) => token.text === ';');
  if (semicolon >= 0 && semicolon < code.length - 1) throw refused(`В ${name} несколько запросов. Оставьте один: остальные станут отдельными шагами.`, `${name} holds several queries. Keep one: the others become steps of their own.`);
  return semicolon < 0 ? sql : sql.slice(0, code[semicolon]?.start).trimEnd();
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Old editors on Russian Windows save in its own encoding, in which every byte means something.
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
