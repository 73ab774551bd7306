import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WrongUse } from '../../backend/command/command.ts';
import { emptyCatalog, importNotes, notes } from './imported.ts';

const cards = join(notes, 'Карты партнёра_2JH8K1ABC.zpln');

async function catalog(files: Record<string, string> = {}): Promise<string> {
  const { directory, remove } = await emptyCatalog(files);
  onTestFinished(remove);
  return directory;
}

test('a task that is there stays as it is, and is named; --force replaces it', async () => {
  const directory = await catalog();
  const task = join(directory, 'tasks/karty-partnera.sql');
  await mkdir(join(directory, 'tasks'));
  await writeFile(task, 'mine');
  const kept = await importNotes([cards, '--to', directory]);
  expect(kept.code).toBe(1);
  expect(kept.lines[0]).toContain('tasks/karty-partnera.sql is there already, not replaced');
  expect(await readFile(task, 'utf8')).toBe('mine');
  expect((await importNotes([cards, '--to', directory, '--force'])).code).toBe(0);
  expect(await readFile(task, 'utf8')).toContain('Карты партнёра');
});

test('a report that is there stays, the new one has a name of its own', async () => {
  const directory = await catalog();
  await writeFile(join(directory, 'REPORT.md'), 'mine');
  const { lines } = await importNotes([cards, '--to', directory]);
  expect(lines.at(-1)).toBe(`${directory}/REPORT-2.md`);
  expect(await readFile(join(directory, 'REPORT.md'), 'utf8')).toBe('mine');
  expect(await readFile(join(directory, 'REPORT-2.md'), 'utf8')).toContain('## Карты партнёра');
});

test('the report names the place of everything, in the language of the terminal', async () => {
  const directory = await catalog();
  const { lines, code } = await importNotes([cards, '--to', directory], { language: 'ru_RU.UTF-8' });
  expect(code).toBe(0);
  expect(lines.join('\n')).toMatch(/Изменено, параграф 2 «Карты», строка 7: Поле «Город» можно не заполнять/);
  const report = await readFile(join(directory, 'REPORT.md'), 'utf8');
  expect(report).toMatch(/^# Перенос из Zeppelin\n/);
  expect(report).toMatch(/- параграф 2 «Карты», строка 6: Поля «Дата с» и «Дата по» стали одним периодом/);
});

test('broken notes end with 1, whole ones with 0', async () => {
  const directory = await catalog();
  expect((await importNotes([join(notes, 'broken'), cards, '--to', directory])).code).toBe(1);
  expect((await importNotes([cards, '--to', join(directory, 'new')])).code).toBe(0);
  expect((await importNotes([join(directory, 'nothing.zpln'), '--to', directory])).lines[0]).toContain('cannot be read (ENOENT)');
});

test('a new folder is told which sources it lacks', async () => {
  const directory = join(await catalog(), 'new');
  const { lines } = await importNotes([notes, '--to', directory]);
  expect(lines).toContainEqual(expect.stringMatching(/has no sources\.yaml\. Describe these sources in it: .*warehouse/));
});

test('interpreters lead to the sources that the caller names, groups and owner are the caller’s', async () => {
  const directory = await catalog({ 'groups.yaml': 'exports: { ru: Выгрузки, en: Exports }\nreports: { ru: Отчёты, en: Reports }\n' });
  await importNotes([cards, '--to', directory, '--source', 'jdbc=crm', '--group', 'reports', '--owner', 'oleg@company.example']);
  const task = await readFile(join(directory, 'tasks/karty-partnera.sql'), 'utf8');
  expect(task).toContain('-- step karty on crm');
  expect(task).toContain('group: reports');
  expect(task).toContain('owner: "oleg@company.example"');
  const { lines } = await importNotes([cards, '--to', directory, '--force']);
  expect(lines).toContainEqual(expect.stringContaining('The group of all tasks is exports'));
});

test('the same note twice is imported once, notes of one name get numbers, the trash stays out', async () => {
  const directory = await catalog();
  const folder = join(directory, 'in');
  const note = await readFile(cards);
  for (const path of ['a/note.json', 'b/note.json', '~Trash/c/note.json', '.git/note.json']) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), note);
  }
  const { lines } = await importNotes([folder, join(folder, 'a/note.json'), '--to', directory, '--json']);
  expect((JSON.parse(lines[0] ?? '') as { notes: { task: string }[] }).notes.map(({ task }) => task)).toEqual(['karty-partnera', 'karty-partnera-2']);
});

test.each([
  [[]],
  [[cards]],
  [[cards, '--nonsense']],
  [[cards, '--to', 'x', '--source', 'jdbc']],
  [[cards, '--to', 'x', '--source', 'jdbc=not a name']],
])('wrong use is refused before anything is written: %j', async (given) => {
  await expect(importNotes(given, { workingDirectory: await catalog() })).rejects.toThrow(WrongUse);
});

test('a source or group that the catalog lacks is refused with those it has; so is a folder without notes', async () => {
  const directory = await catalog({ 'groups.yaml': 'exports: { ru: Выгрузки, en: Exports }\n' });
  await expect(importNotes([cards, '--to', directory, '--source', 'jdbc=warehose'])).rejects.toThrow('There are: warehouse, crm');
  await expect(importNotes([cards, '--to', directory, '--group', 'report'])).rejects.toThrow('There are: exports');
  await expect(importNotes([directory, '--to', directory])).rejects.toThrow('There are no notes');
});
