import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatFault, lintCatalog } from '../../backend/catalog/index.ts';
import { importNote } from '../../backend/zeppelin/import-note.ts';
import { emptyCatalog } from './imported.ts';

/** Mulberry32: the same notes on every machine. */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Plain things first: they are taken more often. */
const names = ['x', 'from', 'to', 'Дата с', 'Дата по', 'city', 'Größe', 'Қала', 'search', '__proto__', 'constructor', ' a b ', '', '2x', 'x"y', "o'k", 'toString'];
const values = [
  '', '5', '0.25', '2026-01-01', '2026-02', 'abc', "'q'", 'a,b', '-1', '007', '1e5', '2026-13-45', "it''s", "it's", 'a > 1', '*/', '/*', '--', ';', '{{', '[[', ']]', '$', '\\', 'null', 'yes', '~',
  '9999999999999999999', '1.50', 'Москва', '\u2028', '\t', '"', '`', '|', '(x)', ')', '(', '<', '0001-01-01', ' 7 ', '@', '&a', '*a', '!x', ': ', '- x',
];
const labels = ['Подпись', 'a "b"', '*/', '{{z}}', '', 'x: y', '-- step q on w'];

class RandomNote {
  constructor(private readonly random: () => number) {}

  pick<T>(from: readonly T[]): T {
    const size = this.random() < 0.75 ? Math.min(from.length, 8) : from.length;
    return from[Math.floor(this.random() * size)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  form(): string {
    const type = this.pick(['', '', '', '', '', '', 'checkbox:', "checkbox(','):", 'checkbox( or ):', 'password:', 'date:']);
    const options = Array.from({ length: 1 + Math.floor(this.random() * 4) }, () => this.pick(values) + (this.chance(0.4) ? `(${this.pick(labels)})` : '')).join('|');
    const value = this.chance(0.25) ? '' : `=${this.pick(values)}${this.chance(0.5) ? `,${options}` : ''}`;
    return `${this.pick(['', '', '', '', '', '', '', '', '_'])}${this.pick(['$', '$', '$$'])}{${type}${this.pick(names)}${this.chance(0.3) ? `(${this.pick(labels)})` : ''}${value}}`;
  }

  condition(): string {
    const f = () => this.form();
    return this.pick([
      () => `a = '${f()}'`, () => `a = ${f()}`, () => `d BETWEEN '${f()}' AND '${f()}'`, () => `d >= '${f()}' AND d <= '${f()}'`, () => `a IN (${f()})`, () => `a IN ('${f()}')`,
      () => `a LIKE '%${f()}%'`, () => `('${f()}' = '' OR b = '${f()}')`, () => `a IN ${f()}`, () => `t.${f()} > 1`, () => `f(${f()}, '${f()}')`, () => `toDate('${f()}') < d`,
      () => `x["${f()}"] = \`${f()}\``, () => `a = '${f()}-${f()}'`, () => `[[1, ${f()}], [2]] = b`, () => `[[${f()}]] = b`, () => `1 -- c ${f()}\n`, () => `/* ${f()} */ 1`, () => `date '${f()}' > d`,
    ])();
  }

  query(): string {
    const conditions = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => this.condition());
    return `${this.pick(['', '-- step a on b\n', '/* x */ '])}SELECT ${this.chance(0.7) ? '*' : this.form()} FROM cards WHERE ${conditions.join('\n AND ')}${this.chance(0.3) ? ` ORDER BY ${this.form()}` : ''}${this.pick(['', ';', '; ', ' FORMAT CSV'])}`;
  }

  paragraph(): string {
    return this.pick([
      () => `%jdbc\n${this.query()}`, () => `%mssql\n${this.query()}`, () => `%spark.sql ${this.query()}`, () => this.query(),
      () => `%jdbc\nCREATE TEMPORARY TABLE tmp AS ${this.query()}; SELECT * FROM tmp`, () => `%md ${this.form()} */ {{x}}`,
      () => `%python\nz.input("${this.pick(names)}", "${this.pick(values)}")\nz.select("${this.pick(names)}", [("${this.pick(values)}", "b")])`, () => `%jdbc(${this.pick(['crm', 'a=b', '(', '"'])})\n${this.query()}`,
    ])();
  }
}

test('whatever stands in a note, a task that is written has no fault', async () => {
  const { directory, remove } = await emptyCatalog();
  onTestFinished(remove);
  const note = new RandomNote(generator(20_261));
  const taken = new Set<string>();
  for (let index = 0; index < 200; index += 1) {
    const paragraphs = Array.from({ length: 1 + Math.floor(index % 3) }, (_, at) => ({ number: at + 1, title: note.pick(['', 'T', 'Итог */', '{{x}}', '-- step', 'a\nb']), text: note.paragraph(), user: note.pick(['', 'a@b.c', 'x: y']), enabled: true, params: { [note.pick(names)]: note.pick(values) }, forms: {} }));
    const { files } = importNote({ id: `2X${index}`, name: note.pick(['Note', 'Заметка', '*/', 'a\nb', '{{x}}']), defaultInterpreter: 'jdbc', cron: '', paragraphs, noteParams: {} }, { chosen: new Map(), known: [{ name: 'warehouse', kind: 'workbench' }], group: 'imported' }, taken);
    for (const [path, text] of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
  }
  expect(taken.size).toBeGreaterThan(80);
  expect((await lintCatalog(directory)).filter(({ warning }) => warning !== true).map(formatFault)).toEqual([]);
}, 30_000);
