import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newTask } from '../../backend/command/new.ts';
import { WrongUse } from '../../backend/command/command.ts';
import { readConfig } from '../../backend/config.ts';
import { lintCatalog } from '../../backend/catalog/index.ts';
import { catalogRules } from '../../backend/kinds.ts';
import { catalogDirectory } from '../catalog/temporary-catalog.ts';

const query = "SELECT card_number, issued_on FROM cards\nWHERE issued_on BETWEEN '2026-10-01' AND '2026-10-31' AND partner_id = 12 AND is_deleted = 0\nORDER BY issued_on;\n";
const partner = 'kind: choice\nlabel: { ru: Партнёр, en: Partner }\nscalar: integer\noptions: { on: warehouse, sql: "SELECT partner_id AS value, name AS label FROM brands" }\n';

interface Asked {
  files?: Record<string, string | null>;
  answers?: string[];
  json?: boolean;
  sql?: string | Uint8Array;
}

async function made(given: string[], { files = {}, answers, json = false, sql = query }: Asked = {}) {
  const catalog = await catalogDirectory({ 'fields/partner.yaml': partner, ...files });
  const place = await mkdtemp(join(tmpdir(), 'tasksheet-new-'));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  await writeFile(join(place, 'query.sql'), sql);
  const lines: string[] = [];
  const questions: string[] = [];
  const ask = (question: string): Promise<string> => {
    questions.push(question);
    return Promise.resolve(answers?.shift() ?? '');
  };
  const output = { json, line: (text: string) => void lines.push(text), warn: () => undefined, status: () => undefined };
  const input = { arguments: ['cards', '--from', 'query.sql', '--to', catalog, ...given], workingDirectory: place, output, signal: new AbortController().signal, ...(answers === undefined ? {} : { ask }) };
  const exit = await newTask.run(readConfig({ LC_ALL: 'en_US.UTF-8' }), input).catch((error: unknown) => error);
  const text = await readFile(join(catalog, 'tasks/cards.sql'), 'utf8').catch(() => null);
  return { exit, lines, questions, text, faults: await lintCatalog(catalog, undefined, catalogRules) };
}

const owner = ['--owner', 'anna@company.example'];

test('a query becomes a draft that lint finds nothing in', async () => {
  const { exit, text, faults } = await made(['--yes', ...owner]);
  expect(exit).toBe(0);
  expect(faults).toEqual([]);
  expect(text).toContain('status: draft');
  expect(text).toContain('owner: "anna@company.example"');
  expect(text).toContain('partner: { use: partner, default: 12 }');
  expect(text).toContain('WHERE issued_on >= {{issued.from}} AND issued_on < {{issued.until}} AND partner_id = {{partner}} AND is_deleted = 0\nORDER BY issued_on\n');
});

test('each value is asked about at a terminal, and what the person answers is what is written', async () => {
  const { exit, text, questions, faults } = await made(owner, { answers: ['да', 'Период!', 'period', 'Выпущены', 'Issued', 'n', 'y', 'deleted', 'Удалена', 'Deleted', 'Карты', 'Cards'] });
  expect(exit).toBe(0);
  expect(faults).toEqual([]);
  expect(questions.filter((question) => question.includes('Make it a field')).map((question) => /\[.*\]/.exec(question)?.[0])).toEqual(['[Y/n]', '[Y/n]', '[y/N]']);
  expect(text).toContain('title: { ru: "Карты", en: "Cards" }');
  expect(text).toContain('period: { kind: dateRange, label: { ru: "Выпущены", en: "Issued" }');
  expect(text).toContain('partner_id = 12 AND is_deleted = {{deleted}}');
});

test('without a terminal nothing is guessed: --yes or --json is asked for', async () => {
  const { exit, text } = await made(owner);
  expect(exit).toBeInstanceOf(WrongUse);
  expect(String(exit)).toContain('--yes');
  expect(text).toBeNull();
});

test('--json shows what would be proposed and writes nothing', async () => {
  const { exit, lines, text } = await made([], { json: true });
  expect(exit).toBe(0);
  expect(text).toBeNull();
  expect((JSON.parse(lines.join('')) as { fields: { name: string; kind: string; isSuggested: boolean }[] }).fields).toMatchObject([
    { name: 'issued', kind: 'dateRange', isSuggested: true },
    { name: 'partner', kind: 'choice', isSuggested: true },
    { name: 'is_deleted', kind: 'number', isSuggested: false },
  ]);
});

test('a task that is there is never overwritten', async () => {
  const { exit, text } = await made(['--yes', ...owner], { files: { 'tasks/cards.sql': 'mine' } });
  expect(String(exit)).toContain('stays as it is');
  expect(text).toBe('mine');
});

test('a file in Windows-1251 is read in its letters', async () => {
  // «Москва» in Windows-1251.
  const sql = Buffer.concat([Buffer.from("SELECT city FROM cards WHERE city = '"), Buffer.from([0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0]), Buffer.from("'")]);
  expect((await made(['--yes', ...owner], { sql })).text).toContain('default: "Москва"');
});

test.each([
  ['several queries', 'SELECT 1; SELECT 2', 'several queries'],
  ['something that changes data', 'DROP TABLE cards', 'begins with DROP'],
  ['an empty file', '-- nothing\n', 'no query'],
])('%s are refused in words', async (_, sql, words) => {
  const { exit, text } = await made(['--yes', ...owner], { sql });
  expect(String(exit)).toContain(words);
  expect(text).toBeNull();
});

test('of several sources one must be named, and one that is not there is refused', async () => {
  const files = { 'sources.yaml': 'warehouse: { kind: workbench, database: wallet }\nother: { kind: workbench, database: wallet }\n' };
  expect(String((await made(['--yes', ...owner], { files })).exit)).toContain('--on warehouse or --on other');
  expect(String((await made(['--yes', '--on', 'nowhere', ...owner], { files })).exit)).toContain('There is no source nowhere');
  expect((await made(['--yes', '--on', 'other', ...owner], { files })).text).toContain('-- step cards on other');
});
