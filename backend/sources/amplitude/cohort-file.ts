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

/** A cohort's file as it is stored: comma-separated rows without a heading, with `counts` that are whole when the stream has ended. */
export interface CleanRows {
  rows: Readable;
  counts: CohortCounts;
  /** Whether the last row ended as all others: when not, the caller must have another proof that the file is whole. */
  endedWithNewline(): boolean;
}

/** Text without a single row in it that is held in memory before the file counts as damaged. */
const longestRow = 4_000_000;
const outputPiece = 1 << 18;
/** Begins the key of a user without `user_id`: no id has this sign in it. */
const strangerMark = '\u0000';
/** Of `"`; blanks and control characters are below it. */
const quoteCode = 34;

/**
 * Parses and cleans a cohort's file: columns are found by name, blank rows and repeated users left out, quotes around ids
 * taken off. About `expected` users are in it. `file` gives text (its encoding is set), so that no letter is cut in two. It is read only as fast as `rows` is.
 */
export function cleanCohortFile(file: Readable, properties: string[], expected = 0): CleanRows {
  const cleaner = new Cleaner(properties, expected);
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
  /** Text that the parser has, and how much of the file came before it. */
  let raw = '';
  let before = 0;
  file.on('data', (text: string) => {
    last = text.charAt(text.length - 1);
    unparsed += text.length;
    raw += text;
    if (unparsed > longestRow) rows.destroy(problems.badFile({ ru: `после строки ${cleaner.line} нет конца строки (лишняя кавычка?)`, en: `no row ends after row ${cleaner.line} (a stray quote?)` }));
  });
  Papa.parse<string[]>(file, {
    delimiter: ',',
    chunk: (results, handle) => {
      parser = handle;
      if (rows.destroyed) return handle.abort();
      if (results.data.length > 0) unparsed = 0;
      try {
        const length = results.meta.cursor - before;
        const text = cleaner.take(results, raw.slice(0, length));
        raw = raw.slice(length);
        before += length;
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

interface Places {
  amplitude: number;
  user: number;
  properties: number[];
}

class Cleaner {
  readonly counts: CohortCounts = { rows: 0, repeats: 0, blank: 0, withoutUserId: 0 };
  /** Rows read so far, the heading included. */
  line = 0;
  readonly #properties: string[];
  readonly #users: IdSet;
  /** Of the piece at hand: who each row is about, and where in the piece it stands; or its text, where it had to be mended. */
  #keys: string[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  #mended: (string | undefined)[] = [];
  #taken = 0;
  /** Whether the file has the columns of the table and no others, in the same order: then its own text is good as it is. */
  #isAsStored = false;
  #places: Places | undefined;
  #width = 0;
  #blanks = 0;

  constructor(properties: string[], expected: number) {
    this.#properties = properties;
    this.#users = new IdSet(expected);
  }

  /** Cleaned text of a piece: `raw` is what the rows were parsed from. */
  take({ data, errors }: Papa.ParseResult<string[]>, raw: string): string {
    const wrong = errors.find(({ type }) => type === 'Quotes');
    if (wrong !== undefined) {
      const row = this.line + (wrong.row ?? 0) + 1;
      if (wrong.code === 'MissingQuotes') throw problems.truncated({ ru: `строка ${row} обрывается внутри кавычек`, en: `row ${row} breaks off inside quotes` });
      throw problems.badFile({ ru: `в строке ${row} кавычки стоят не на месте`, en: `row ${row} has a misplaced quote` });
    }
    this.#taken = 0;
    const isPlain = this.#isAsStored && isUnquoted(data, raw);
    let start = 0;
    for (const row of data) {
      const end = isPlain ? start + textLength(row) : 0;
      this.#row(row, start, end);
      start = end;
    }
    return this.#withoutRepeats(raw);
  }

  end(): void {
    if (this.#places === undefined) throw problems.truncated({ ru: 'в нём нет даже заголовка', en: 'it has not even a heading' });
  }

  /** Rows that stand together in the piece and stay are taken as one. */
  #withoutRepeats(raw: string): string {
    const fresh = this.#users.add(this.#keys, this.#taken);
    const parts: string[] = [];
    let [start, end] = [0, 0];
    for (let at = 0; at < this.#taken; at += 1) {
      if (fresh[at] === 0) {
        this.counts.repeats += 1;
        continue;
      }
      const mended = this.#mended[at];
      if (mended === undefined && this.#starts[at] === end) end = this.#ends[at] ?? end;
      else {
        if (end > start) parts.push(raw.slice(start, end));
        if (mended !== undefined) parts.push(mended);
        if (this.#keys[at]?.startsWith(strangerMark) === true) this.counts.withoutUserId += 1;
        [start, end] = mended === undefined ? [this.#starts[at] ?? 0, this.#ends[at] ?? 0] : [0, 0];
      }
    }
    if (end > start) parts.push(raw.slice(start, end));
    return parts.join('');
  }

  #row(row: string[], start: number, end: number): void {
    this.line += 1;
    if ((row[0] === '' || row[0]?.trim() === '') && row.every((field) => field.trim() === '')) this.#blanks += 1;
    else if (this.#places === undefined) this.#heading(row);
    else if (row.length < this.#width) throw problems.truncated({ ru: `в строке ${this.line} столбцов ${row.length} вместо ${this.#width}`, en: `row ${this.line} has ${row.length} columns instead of ${this.#width}` });
    else if (row.length > this.#width) throw problems.badFile({ ru: `в строке ${this.line} столбцов ${row.length} вместо ${this.#width}`, en: `row ${this.line} has ${row.length} columns instead of ${this.#width}` });
    else this.#user(row, this.#places, start, end);
  }

  #user(row: string[], { amplitude, user, properties }: Places, start: number, end: number): void {
    // Blank rows at the very end are how a file ends.
    this.counts.blank += this.#blanks;
    this.#blanks = 0;
    const amplitudeId = cleaned(row[amplitude] ?? '');
    const userId = cleaned(row[user] ?? '');
    if (amplitudeId === '' && userId === '') {
      this.counts.blank += 1;
      return;
    }
    this.counts.rows += 1;
    const at = this.#taken;
    const isAsIs = end > 0 && amplitudeId === row[amplitude] && userId === row[user] && userId !== '' && amplitudeId !== '' && properties.length === 0;
    this.#keys[at] = userId === '' ? strangerMark + amplitudeId : userId;
    this.#mended[at] = isAsIs ? undefined : [amplitudeId, userId, ...properties.map((place) => (row[place] ?? '').trim())].map(written).join(',') + '\n';
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#taken += 1;
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
    this.#isAsStored = names.join('\n') === 'amplitude_id\nuser_id' && this.#properties.length === 0;
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
  // Almost all ids: letters and digits at both ends.
  if (value.charCodeAt(0) > quoteCode && value.charCodeAt(value.length - 1) > quoteCode && value.charCodeAt(0) < 128 && value.charCodeAt(value.length - 1) < 128) return value;
  const bare = value.trim();
  return bare.length >= 2 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).trim() : bare === '"' ? '' : bare;
}

/** A value in ClickHouse's CSV, where only what is not quoted can be null. */
function written(value: string): string {
  return value === '' ? '\\N' : `"${value.replaceAll('"', '""')}"`;
}

/** How much text a row was parsed from, when nothing in it is quoted. */
function textLength(row: string[]): number {
  let length = row.length;
  for (const field of row) length += field.length;
  return length;
}

/** Whether each row stands in the text just as its fields say: no quotes, no escapes, lines ended by `\n` alone. */
function isUnquoted(data: string[][], raw: string): boolean {
  if (raw.includes('"') || raw.includes("'") || raw.includes('\r') || raw.includes('\\')) return false;
  let length = 0;
  for (const row of data) length += textLength(row);
  return length === raw.length;
}
