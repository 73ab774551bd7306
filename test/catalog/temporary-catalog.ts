import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { formatFault, lintCatalog, openCatalog, type CatalogOptions } from '../../backend/catalog/index.ts';
import type { Catalog } from '../../backend/catalog/task.ts';

/** Files that every catalog of these tests has; a test's own come over them, `null` leaves one out. */
const usual: Record<string, string> = {
  'sources.yaml': 'warehouse: { kind: workbench, database: wallet }\n',
  'groups.yaml': 'exports: { ru: Выгрузки, en: Exports }\n',
  'access.yaml': 'roles:\n  manager: { may: [run], groups: [exports] }\npeople:\n  maria@company.example: manager\n',
};

/** A header that lacks nothing, with more keys. */
export function header(more = ''): string {
  return `/*
title: { ru: Карты, en: Cards }
description: { ru: Все карты., en: All cards. }
group: exports
owner: anna@company.example
status: published
${more.trim()}
*/
`;
}

export function task(more = '', steps = '-- step cards on warehouse\nSELECT 1 AS one\n'): string {
  return header(more) + steps;
}

/** A directory with these files, removed after the test. */
export async function catalogDirectory(files: Record<string, string | Uint8Array | null>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-catalog-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [path, content] of Object.entries({ ...usual, ...files })) if (content !== null) await put(directory, path, content);
  return directory;
}

export async function put(directory: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

/** Faults of these files as they are printed. */
export async function faultsOf(files: Record<string, string | Uint8Array | null>, options?: CatalogOptions): Promise<string[]> {
  return (await lintCatalog(await catalogDirectory(files), undefined, options)).map(formatFault);
}

/** Faults of one task file, without the file's name. */
export async function faultsOfTask(text: string, files: Record<string, string | null> = {}): Promise<string[]> {
  return (await faultsOf({ ...files, 'tasks/cards.sql': text })).map((line) => line.replace('tasks/cards.sql:', ''));
}

export async function openedCatalog(directory: string, options: CatalogOptions = {}): Promise<Catalog> {
  const catalog = await openCatalog(directory, options);
  onTestFinished(() => catalog.close());
  return catalog;
}

/** The one task of a catalog without faults. */
export async function onlyTask(text: string, files: Record<string, string | null> = {}) {
  const catalog = await openedCatalog(await catalogDirectory({ ...files, 'tasks/cards.sql': text }), { watch: false });
  const [found, ...others] = catalog.tasks();
  const faults = catalog.faults().map(formatFault);
  if (found === undefined || others.length > 0 || faults.length > 0) throw new Error(`not one good task: ${faults.join('\n')}`);
  return found;
}

/** Takes the ▲ out of a text and tells where each one pointed: one before the place of every fault that is expected. */
export function marked(text: string): { text: string; places: string[] } {
  const places: string[] = [];
  let plain = '';
  for (const character of text) {
    const before = plain.split('\n');
    if (character === '▲') places.push(`${before.length}:${(before.at(-1) ?? '').length + 1}`);
    else plain += character;
  }
  return { text: plain, places };
}

/** Checks that one task file has exactly these faults, in the order of its marks. */
export async function expectFaults(markedText: string, expected: string[], files: Record<string, string | null> = {}): Promise<void> {
  const { text, places } = marked(markedText);
  const found = await faultsOfTask(text, files);
  expect(found).toEqual(expected.map((words, order) => `${places[order] ?? '?'}  ${words}`));
}
