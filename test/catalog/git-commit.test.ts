import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogCommit } from '../../backend/catalog/index.ts';

let directory: string;
const git = (...given: string[]) => execFileSync('git', ['-C', directory, '-c', 'user.name=Anna', '-c', 'user.email=anna@company.example', ...given], { encoding: 'utf8' }).trim();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasksheet-git-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a folder outside of git, and a repository without commits, have no commit', async () => {
  expect(await catalogCommit(directory)).toBeUndefined();
  git('init', '-q');
  expect(await catalogCommit(directory)).toBeUndefined();
});

test('the commit that last changed the catalog is named, with a plus while files differ from it', async () => {
  git('init', '-q');
  await writeFile(join(directory, 'groups.yaml'), 'exports: { ru: Выгрузки, en: Exports }\n');
  git('add', '.');
  git('commit', '-q', '-m', 'groups');
  expect(await catalogCommit(directory)).toBe(git('rev-parse', '--short', 'HEAD'));
  await writeFile(join(directory, 'groups.yaml'), 'exports: { ru: Выгрузка, en: Export }\n');
  expect(await catalogCommit(directory)).toBe(`${git('rev-parse', '--short', 'HEAD')}+`);
});
