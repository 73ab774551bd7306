import { rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../backend/catalog/task.ts';
import { formatFault, lintCatalog } from '../../backend/catalog/index.ts';
import { catalogDirectory, openedCatalog, put, task } from './temporary-catalog.ts';

const titled = (title: string) => task().replace('ru: Карты,', `ru: ${title},`);
const broken = task().replace('group: exports\n', '');

/** Resolves once the catalog is as wanted, which it may become after any of its reloads. */
async function until(catalog: Catalog, wanted: () => boolean): Promise<void> {
  if (wanted()) return;
  await new Promise<void>((resolve) => {
    const stop = catalog.onChange(() => {
      if (!wanted()) return;
      stop();
      resolve();
    });
  });
}

const titleOf = (catalog: Catalog, id: string) => catalog.task(id)?.title.ru;

describe('a catalog that changes while it is open', () => {
  test('a new file, a change and a deletion are followed', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task() });
    const catalog = await openedCatalog(directory);
    await put(directory, 'tasks/two.sql', task());
    await until(catalog, () => catalog.tasks().length === 2);
    const before = catalog.task('two')?.version;
    await put(directory, 'tasks/two.sql', titled('Другое'));
    await until(catalog, () => titleOf(catalog, 'two') === 'Другое');
    expect(catalog.task('two')?.version).not.toBe(before);
    await unlink(join(directory, 'tasks/one.sql'));
    await until(catalog, () => catalog.task('one') === undefined);
    expect(catalog.tasks().map(({ id }) => id)).toEqual(['two']);
    expect(catalog.faults()).toEqual([]);
  });

  test('a file with a fault stays at its last good version until it is mended; others are not touched', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': titled('Хорошее'), 'tasks/two.sql': titled('Другое') });
    const catalog = await openedCatalog(directory);
    const good = catalog.task('one')?.version;
    await put(directory, 'tasks/one.sql', broken.replace('ru: Карты,', 'ru: Плохое,'));
    await put(directory, 'tasks/two.sql', titled('Новое'));
    await until(catalog, () => catalog.faults().length > 0 && titleOf(catalog, 'two') === 'Новое');
    expect(catalog.faults().map(formatFault)).toEqual(['tasks/one.sql:2:1  group is missing — add group']);
    expect([titleOf(catalog, 'one'), catalog.task('one')?.version]).toEqual(['Хорошее', good]);
    await put(directory, 'tasks/one.sql', titled('Исправлено'));
    await until(catalog, () => catalog.faults().length === 0);
    expect(titleOf(catalog, 'one')).toBe('Исправлено');
  });

  test('an editor that writes beside and renames never makes the task vanish', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': titled('Было') });
    const catalog = await openedCatalog(directory);
    const missing: string[] = [];
    catalog.onChange(() => {
      if (catalog.task('one') === undefined) missing.push('one');
    });
    await writeFile(join(directory, 'tasks/.one.sql.swp'), 'x');
    await writeFile(join(directory, 'tasks/one.sql~'), titled('Было'));
    await unlink(join(directory, 'tasks/one.sql'));
    await writeFile(join(directory, 'tasks/.one.new'), titled('Стало'));
    await rename(join(directory, 'tasks/.one.new'), join(directory, 'tasks/one.sql'));
    await until(catalog, () => titleOf(catalog, 'one') === 'Стало');
    expect([missing, catalog.faults()]).toEqual([[], []]);
  });

  test('a fault in a shared piece keeps every task that uses it at its last good version', async () => {
    const files = {
      'fields/city.yaml': 'kind: text\nlabel: { ru: Город, en: City }\n',
      'views/live.sql': 'SELECT 1 AS one',
      'tasks/field.sql': task('form:\n  city: { use: city }'),
      'tasks/view.sql': task('', '-- step s on warehouse\nSELECT * FROM views.live\n'),
      'tasks/free.sql': task(),
    };
    const directory = await catalogDirectory(files);
    const catalog = await openedCatalog(directory);
    const before = catalog.tasks();
    await put(directory, 'fields/city.yaml', 'kind: txt\nlabel: { ru: Город, en: City }\n');
    await put(directory, 'views/live.sql', "SELECT '");
    await until(catalog, () => catalog.faults().length === 4);
    expect(catalog.tasks()).toEqual(before);
    await put(directory, 'fields/city.yaml', 'kind: text\nlabel: { ru: Посёлок, en: City }\n');
    await put(directory, 'views/live.sql', 'SELECT 2 AS two');
    await until(catalog, () => catalog.faults().length === 0);
    expect(catalog.task('field')?.fields[0]?.label.ru).toBe('Посёлок');
    const changed = catalog.tasks().filter(({ id, version }) => before.find((task) => task.id === id)?.version !== version);
    expect(changed.map(({ id }) => id)).toEqual(['field', 'view']);
  });

  test('faulty or missing sources.yaml and access.yaml leave the last good rules in force', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task() });
    const catalog = await openedCatalog(directory);
    const [sources, access] = [catalog.sources(), catalog.access()];
    await put(directory, 'sources.yaml', 'warehouse: [');
    await rm(join(directory, 'access.yaml'));
    await until(catalog, () => catalog.faults().some(({ file }) => file === 'sources.yaml') && catalog.faults().some(({ file }) => file === 'access.yaml'));
    expect([catalog.sources(), catalog.access(), catalog.tasks().length]).toEqual([sources, access, 1]);
    expect(access.people).toEqual({ 'maria@company.example': 'manager' });
  });

  test('tasks that are away for a moment, as while git changes branches, are not forgotten', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task() });
    const catalog = await openedCatalog(directory);
    await rename(join(directory, 'tasks'), join(directory, 'away'));
    await until(catalog, () => catalog.faults().length > 0);
    expect([catalog.tasks().length, catalog.faults().map(({ message }) => message)]).toEqual([1, ['there is no folder tasks']]);
    await put(directory, 'tasks/two.sql', task());
    await until(catalog, () => catalog.faults().length === 0);
    expect(catalog.tasks().map(({ id }) => id)).toEqual(['two']);
  });

  test('a change that falls into the opening is not lost', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`tasks/task-${index}.sql`, task()]));
    const directory = await catalogDirectory(files);
    const opening = openedCatalog(directory);
    for (let round = 1; round <= 20; round += 1) await put(directory, 'tasks/task-0.sql', titled(`Раз ${round}`));
    const catalog = await opening;
    await put(directory, 'tasks/task-1.sql', titled('Последнее'));
    await until(catalog, () => titleOf(catalog, 'task-0') === 'Раз 20' && titleOf(catalog, 'task-1') === 'Последнее');
    expect([catalog.tasks().length, catalog.faults()]).toEqual([40, []]);
  });

  test('files that nothing has changed for keep the very task that they were', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task(), 'tasks/two.sql': task() });
    const catalog = await openedCatalog(directory);
    const before = catalog.task('one');
    await put(directory, 'tasks/two.sql', titled('Другое'));
    await until(catalog, () => titleOf(catalog, 'two') === 'Другое');
    expect(catalog.task('one')).toBe(before);
  });

  test('a listener that left is not called', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task() });
    const catalog = await openedCatalog(directory);
    let calls = 0;
    catalog.onChange(() => (calls += 1))();
    await put(directory, 'tasks/two.sql', task());
    await until(catalog, () => catalog.tasks().length === 2);
    expect(calls).toBe(0);
  });
});

describe('opening', () => {
  test('a faulty task takes no good one down', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task(), 'tasks/two.sql': broken, 'tasks/three.sql': '/*' });
    const catalog = await openedCatalog(directory, { watch: false });
    expect(catalog.tasks().map(({ id }) => id)).toEqual(['one']);
    expect(new Set(catalog.faults().map(({ file }) => file))).toEqual(new Set(['tasks/two.sql', 'tasks/three.sql']));
  });

  test('a task is found by its former ids', async () => {
    const directory = await catalogDirectory({ 'tasks/new-cards.sql': task('was: [old-cards, older]') });
    const catalog = await openedCatalog(directory, { watch: false });
    expect([catalog.task('old-cards')?.id, catalog.task('older')?.id, catalog.task('other')]).toEqual(['new-cards', 'new-cards', undefined]);
  });

  test('what is missing is said', async () => {
    const empty = await catalogDirectory({ 'sources.yaml': null, 'access.yaml': null, 'groups.yaml': null });
    const faults = (await lintCatalog(empty)).map(formatFault);
    expect(faults).toEqual([
      expect.stringContaining('access.yaml:1:1  there is no access.yaml'),
      expect.stringContaining('sources.yaml:1:1  there is no sources.yaml'),
      expect.stringContaining('tasks:1:1  there is no folder tasks'),
    ]);
    const nowhere = await openedCatalog(join(empty, 'nowhere'));
    expect([nowhere.tasks(), nowhere.sources(), nowhere.access()]).toEqual([[], [], { roles: {}, people: {} }]);
    expect(nowhere.faults().map(({ message }) => message)).toEqual([expect.stringContaining('there is no folder')]);
  });

  test('limits of the backend hold where a task sets none', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task('limits: { rows: 10 }') });
    const catalog = await openedCatalog(directory, { watch: false, limits: { timeSeconds: 7, memoryBytes: 1 } });
    expect(catalog.task('one')?.limits).toEqual({ timeSeconds: 7, rows: 10, memoryBytes: 1 });
  });
});
