import { posix } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import { isDateFormat } from '../../shared/worksheet-cell.ts';
import { readXml } from './xml-events.ts';
import { brokenWorkbook, type ZipFile } from './zip-file.ts';

const mostBytes = { small: 20_000_000, strings: 400_000_000 };

/** What of a workbook is needed to read its first sheet. */
export interface WorkbookParts {
  sheetName: string;
  sheetPath: string;
  /** Days are counted from 1904, as old Excel for Mac did. */
  since1904: boolean;
  /** Whether cells of the style with this number hold days or moments. */
  isDate: boolean[];
  strings: string[];
}

const notWorkbook = (): Problem =>
  new Problem('invalid_values', { ru: 'Это архив, но не книга Excel. Сохраните таблицу как XLSX или CSV и выберите файл ещё раз.', en: 'This is an archive, but no Excel workbook. Save the table as XLSX or CSV and choose the file again.' });

export async function readWorkbook(zip: ZipFile): Promise<WorkbookParts> {
  const workbookPath = await targetOf(zip, '_rels/.rels', ({ Type }) => /\/officeDocument$/.test(Type ?? ''), '');
  if (workbookPath === undefined || !zip.has(workbookPath)) throw notWorkbook();
  let sheet: { name: string; relation: string } | undefined;
  let since1904 = false;
  await readXml(zip.read(workbookPath, mostBytes.small), {
    open: (name, attributes) => {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name === 'sheet' && (attributes['state'] ?? 'visible') === 'visible') sheet ??= { name: attributes['name'] ?? '', relation: relationId(attributes) };
    },
  });
  const { name: sheetName, relation } = sheet ?? { name: '', relation: '' };
  const folder = posix.dirname(workbookPath);
  const relations = posix.join(folder, '_rels', `${posix.basename(workbookPath)}.rels`);
  const sheetPath = await targetOf(zip, relations, ({ Id, Type }) => Id === relation && /\/worksheet$/.test(Type ?? ''), folder);
  if (sheetPath === undefined || !zip.has(sheetPath)) throw new Problem('invalid_values', { ru: 'Первый лист книги не таблица, а диаграмма или пусто. Поставьте лист с таблицей первым.', en: 'The first sheet of the workbook is a chart or is missing. Put the sheet with the table first.' });
  const stylesPath = await targetOf(zip, relations, ({ Type }) => /\/styles$/.test(Type ?? ''), folder);
  const stringsPath = await targetOf(zip, relations, ({ Type }) => /\/sharedStrings$/.test(Type ?? ''), folder);
  return {
    sheetName,
    sheetPath,
    since1904,
    isDate: stylesPath === undefined || !zip.has(stylesPath) ? [] : await dateStyles(zip, stylesPath),
    strings: stringsPath === undefined || !zip.has(stringsPath) ? [] : await sharedStrings(zip, stringsPath),
  };
}

/** The attribute `r:id`, whatever its prefix. */
function relationId(attributes: Record<string, string>): string {
  return Object.entries(attributes).find(([name]) => /:id$/.test(name))?.[1] ?? '';
}

async function targetOf(zip: ZipFile, path: string, wanted: (attributes: Record<string, string>) => boolean, folder: string): Promise<string | undefined> {
  if (!zip.has(path)) return undefined;
  let target: string | undefined;
  await readXml(zip.read(path, mostBytes.small), {
    open: (name, attributes) => {
      if (name === 'Relationship' && target === undefined && wanted(attributes)) target = attributes['Target'];
    },
  });
  return target === undefined ? undefined : target.startsWith('/') ? target.slice(1) : posix.normalize(posix.join(folder, target));
}

const builtInDates = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47 || (id >= 50 && id <= 58);

async function dateStyles(zip: ZipFile, path: string): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCells = false;
  await readXml(zip.read(path, mostBytes.small), {
    open: (name, attributes) => {
      if (name === 'numFmt') own.set(Number(attributes['numFmtId']), isDateFormat(attributes['formatCode'] ?? ''));
      if (name === 'cellXfs') inCells = true;
      const format = Number(attributes['numFmtId'] ?? 0);
      if (name === 'xf' && inCells) styles.push(own.get(format) ?? builtInDates(format));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Texts that cells refer to by number; readings of Japanese characters are not part of them. */
async function sharedStrings(zip: ZipFile, path: string): Promise<string[]> {
  const strings: string[] = [];
  let inText = false;
  let inReading = false;
  let current = '';
  await readXml(zip.read(path, mostBytes.strings), {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') inReading = true;
      inText = name === 't' && !inReading;
    },
    text: (text) => {
      if (inText) current += text;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') inReading = false;
      if (name === 'si') strings.push(current);
    },
  }).catch((error: unknown) => {
    throw error instanceof Problem ? error : brokenWorkbook(error);
  });
  return strings;
}
