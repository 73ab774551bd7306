import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { IdSet } from './id-set.ts';
import { problems } from './words.ts';

/** What was found in a cohort's file. */
export interface CohortCounts {
  /** Rows of the file, repeats included. */
  rows: number;
  repeats: number;
  blank: number;
  withoutUserId: number;
}

/** A cohort's file as it is stored: tab-separated rows, with `counts` that are whole when the stream has ended. */
export interface CleanRows {
  rows: Readable;
  counts: CohortCounts;
  /** Whether the last row ended as all others: when not, the caller must have another proof that the file is whole. */
  endedWithNewline(): boolean;
}

/** Text without a single row in it that is held in memory before the file counts as damaged. */
const longestRow = 4_000_000;
const outputPiece = 1 << 18;

/**
 * Parses and cleans a cohort's file: columns are found by name, blank rows and repeated users left out, quotes around ids
 * taken off. `file` gives text (its encoding is set), so that no letter is cut in two. It is read only as fast as `rows` is.
 */
export function cleanCohortFile(file: Readable, properties: string[]): CleanRows {
  const cleaner = new Cleaner(properties);
  let parser: Papa.Parser | undefined;
  let waiting = false;
  const rows = new Readable({
    highWaterMark: outputPiece,
    read: () => {
      if (!waiting) return;
      waiting = false;
      parser?.resume();
      file.resume();
    },
    destroy: (error, done) => {
      file.destroy();
      done(error);
    },
  });
  let last = '';
  let unparsed = 0;
  file.on('data', (text: string) => {
    last = text.charAt(text.length - 1);
    unparsed += text.length;
    if (unparsed > longestRow) rows.destroy(problems.badFile({ ru: `после строки ${cleaner.line} нет конца строки (лишняя кавычка?)`, en: `no row ends after row ${cleaner.line} (a stray quote?)` }));
  });
  Papa.parse<string[]>(file, {
    delimiter: ',',
    chunk: (results, handle) => {
      parser = handle;
      if (rows.destroyed) return handle.abort();
      if (results.data.length > 0) unparsed = 0;
      try {
        const text = cleaner.take(results);
        if (text === '' || rows.push(text)) return;
        waiting = true;
        handle.pause();
        file.pause();
      } catch (error) {
        rows.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    },
    error: (error) => void rows.destroy(error),
    complete: () => {
      if (rows.destroyed) return;
      try {
        cleaner.end();
        rows.push(null);
      } catch (error) {
        rows.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  return { rows, counts: cleaner.counts, endedWithNewline: () => last === '\n' || last === '\r' };
}

class Cleaner {
  readonly counts: CohortCounts = { rows: 0, repeats: 0, blank: 0, withoutUserId: 0 };
  /** Rows read so far, the heading included. */
  line = 0;
  readonly #properties: string[];
  readonly #users = new IdSet();
  readonly #strangers = new IdSet();
  #places: { amplitude: number; user: number; properties: number[] } | undefined;
  #width = 0;
  #blanks = 0;

  constructor(properties: string[]) {
    this.#properties = properties;
  }

  take({ data, errors }: Papa.ParseResult<string[]>): string {
    const wrong = errors.find(({ type }) => type === 'Quotes');
    if (wrong !== undefined) {
      const row = this.line + (wrong.row ?? 0) + 1;
      if (wrong.code === 'MissingQuotes') throw problems.truncated({ ru: `строка ${row} обрывается внутри кавычек`, en: `row ${row} breaks off inside quotes` });
      throw problems.badFile({ ru: `в строке ${row} кавычки стоят не на месте`, en: `row ${row} has a misplaced quote` });
    }
    let text = '';
    for (const row of data) text += this.#row(row);
    return text;
  }

  end(): void {
    if (this.#places === undefined) throw problems.truncated({ ru: 'в нём нет даже заголовка', en: 'it has not even a heading' });
  }

  #row(row: string[]): string {
    this.line += 1;
    if (row[0]?.trim() === '' && row.every((field) => field.trim() === '')) {
      this.#blanks += 1;
      return '';
    }
    if (this.#places === undefined) {
      this.#heading(row);
      return '';
    }
    if (row.length < this.#width) throw problems.truncated({ ru: `в строке ${this.line} столбцов ${row.length} вместо ${this.#width}`, en: `row ${this.line} has ${row.length} columns instead of ${this.#width}` });
    if (row.length > this.#width) throw problems.badFile({ ru: `в строке ${this.line} столбцов ${row.length} вместо ${this.#width}`, en: `row ${this.line} has ${row.length} columns instead of ${this.#width}` });
    return this.#user(row, this.#places);
  }

  #user(row: string[], { amplitude, user, properties }: { amplitude: number; user: number; properties: number[] }): string {
    // Blank rows at the very end are how a file ends.
    this.counts.blank += this.#blanks;
    this.#blanks = 0;
    const amplitudeId = cleaned(row[amplitude] ?? '');
    const userId = cleaned(row[user] ?? '');
    if (amplitudeId === '' && userId === '') {
      this.counts.blank += 1;
      return '';
    }
    this.counts.rows += 1;
    if (!(userId === '' ? this.#strangers.add(amplitudeId) : this.#users.add(userId))) {
      this.counts.repeats += 1;
      return '';
    }
    if (userId === '') this.counts.withoutUserId += 1;
    let text = `${written(amplitudeId)}\t${written(userId)}`;
    for (const at of properties) text += `\t${written((row[at] ?? '').trim())}`;
    return `${text}\n`;
  }

  #heading(row: string[]): void {
    const names = row.map((name) => cleaned(name.replace(/^\uFEFF/, '')));
    if (names[0]?.startsWith('<') === true) throw problems.badFile({ ru: 'это веб-страница', en: 'it is a web page' });
    const missing = ['user_id', ...this.#properties].filter((name) => placeOf(names, name) < 0);
    if (missing.length > 0) {
      const known = names.filter((name) => /^[\p{L}_][\p{L}\p{N}_ .:-]{0,60}$/u.test(name)).join(', ');
      throw problems.badFile({ ru: `в нём нет столбца ${missing.join(', ')}${known === '' ? '' : `, есть ${known}`}`, en: `it has no column ${missing.join(', ')}${known === '' ? '' : `, there are ${known}`}` });
    }
    this.#width = names.length;
    this.#places = { amplitude: placeOf(names, 'amplitude_id'), user: placeOf(names, 'user_id'), properties: this.#properties.map((name) => placeOf(names, name)) };
  }
}

/** Amplitude names user properties `gp:name` in places. */
function placeOf(names: string[], name: string): number {
  const exact = names.indexOf(name);
  return exact >= 0 ? exact : names.indexOf(`gp:${name}`);
}

/** Without blanks, and without quotes that the file's own quoting left around an id. */
function cleaned(value: string): string {
  const bare = value.trim();
  return bare.length >= 2 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).trim() : bare === '"' ? '' : bare;
}

const special = /[\t\n\r\\]/;
const escapes: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

/** A value in ClickHouse's TabSeparated; nothing is null. */
function written(value: string): string {
  if (value === '') return '\\N';
  return special.test(value) ? value.replace(/[\t\n\r\\]/g, (sign) => escapes[sign] ?? sign) : value;
}
