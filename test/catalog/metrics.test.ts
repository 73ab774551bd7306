import { expect, test } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { CatalogKind } from '../../backend/catalog/kind.ts';
import { catalogDirectory, task } from './temporary-catalog.ts';

const metric = (header: string, body = '-- step facts on warehouse\nSELECT user_id, issued_at AS time, 1 AS value FROM cards') => `/*\n${header}\n*/\n${body}\n`;
const good = metric('title: { ru: Выпуск карт, en: Card issues }\ntype: mean\ngood: up\nmargin: 2%\nwindow: 7d\nunit: { ru: карт, en: cards }');

async function read(files: Record<string, string>, kinds: CatalogKind[] = []) {
  const catalog = await openCatalog(await catalogDirectory(files), { watch: false, kinds });
  await catalog.close();
  return catalog;
}

test('a metric is read with its type, direction, margin and window', async () => {
  const catalog = await read({ 'metrics/card_issues.sql': good, 'tasks/cards.sql': task() });
  expect(catalog.faults()).toEqual([]);
  expect(catalog.metrics()).toMatchObject([{ id: 'card_issues', type: 'mean', good: 'up', guardrail: false, margin: 0.02, windowDays: 7, unit: { ru: 'карт', en: 'cards' }, steps: [{ name: 'facts', on: 'warehouse' }] }]);
});

test.each([
  [metric('title: { ru: А, en: A }\ntype: median\ngood: up'), 'type is "median"'],
  [metric('title: { ru: А, en: A }\ntype: mean\ngood: up\nmargin: 200%'), 'margin is "200%"'],
  [metric('title: { ru: А, en: A }\ntype: mean\ngood: up\nwindow: 7'), 'window is 7'],
  [metric('title: { ru: А, en: A }\ntype: mean\ngood: up', '-- step facts on warehouse\nSELECT {{x}} AS value'), 'a metric uses {{x}}'],
  [metric('title: { ru: А, en: A }\ntype: mean\ngood: up', '-- step facts on nowhere\nSELECT 1'), 'there is no source "nowhere"'],
])('a fault keeps a metric out and is told: %#', async (text, message) => {
  const catalog = await read({ 'metrics/m.sql': text });
  expect(catalog.metrics()).toEqual([]);
  expect(catalog.faults().map((fault) => fault.message)).toContainEqual(expect.stringContaining(message));
});

const raffle: CatalogKind = {
  kind: 'raffle',
  read: (section, { metrics }) => ({ section: { written: section?.value ?? null, metrics: [...metrics.keys()] }, fields: [], uses: [] }),
};

test('a kind reads its own section of the header, and only tasks of that kind may have it', async () => {
  const catalog = await read({ 'tasks/promo.sql': task('kind: raffle\nraffle: { prizes: 5 }'), 'metrics/card_issues.sql': good }, [raffle]);
  expect(catalog.task('promo')).toMatchObject({ kind: 'raffle', section: { written: { prizes: 5 }, metrics: ['card_issues'] }, results: [] });
  const wrong = await read({ 'tasks/promo.sql': task('raffle: { prizes: 5 }'), 'tasks/other.sql': task('kind: rafle') }, [raffle]);
  expect(wrong.faults().map(({ message, advice }) => `${message} — ${advice}`)).toEqual(['kind is "rafle" — did you mean "raffle"?', 'a section "raffle" in a task of kind query — write kind: raffle, or remove the section']);
});
