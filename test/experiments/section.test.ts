import { expect, test } from 'vitest';
import { experimentCatalogKind } from '../../backend/experiments/index.ts';
import { openCatalog } from '../../backend/catalog/index.ts';
import { catalogDirectory, header, marked } from '../catalog/temporary-catalog.ts';
import { formatFault } from '../../backend/catalog/index.ts';

const metric = (more = '') => `/*\ntitle: { ru: Карты, en: Cards }\ntype: mean\ngood: up\n${more}\n*/\n-- step facts on warehouse\nSELECT 1 AS user_id, now() AS time, 1 AS value\n`;
const step = '-- step assignments on warehouse\nSELECT 1 AS user_id\n';

async function read(section: string, metrics: Record<string, string> = { cards: metric() }) {
  const { text, places } = marked(header(`kind: experiment\n${section}`) + step);
  const files = { 'tasks/trial.sql': text, ...Object.fromEntries(Object.entries(metrics).map(([id, body]) => [`metrics/${id}.sql`, body])) };
  const catalog = await openCatalog(await catalogDirectory(files), { watch: false, kinds: [experimentCatalogKind] });
  await catalog.close();
  return { section: catalog.task('trial')?.section, faults: catalog.faults().filter(({ file }) => file.startsWith('tasks/')).map(formatFault), places: places.map((place) => `tasks/trial.sql:${place}`) };
}

const good = 'experiment:\n  hypothesis: { ru: Г, en: H }\n  groups: { control: 50%, hints: 50% }\n  target: cards\n  planned: { users: 40000, until: 2026-12-01 }';

test('a section is read, with the baseline metrics that the catalog has, and control first', async () => {
  const metrics = { cards: metric(), active_days: metric(), unsubscribes: metric() };
  expect((await read(good, metrics)).section).toEqual({
    hypothesis: { ru: 'Г', en: 'H' },
    groups: [{ name: 'control', share: 0.5 }, { name: 'hints', share: 0.5 }],
    target: 'cards',
    metrics: ['active_days', 'unsubscribes'],
    planned: { users: 40000, until: '2026-12-01' },
    segments: [],
    beforeDays: 14,
  });
  const more = good.replace('{ control: 50%, hints: 50% }', '{ new: 25%, Base: 75% }\n  control: Base\n  metrics: [unsubscribes]\n  baseline: false\n  before: 7d\n  segments: [platform]\n  knownSince: registered_at');
  expect((await read(more, metrics)).section).toMatchObject({ groups: [{ name: 'Base', share: 0.75 }, { name: 'new', share: 0.25 }], metrics: ['unsubscribes'], beforeDays: 7, segments: ['platform'], knownSince: 'registered_at' });
});

test('a task of this kind without its section is told what to add', async () => {
  expect((await read('')).faults[0]).toContain('a task of kind experiment has no section "experiment" — add experiment: { hypothesis');
});

test.each([
  ['target: cards', 'target: ▲card', 'there is no metric "card" — did you mean "cards"?'],
  ['{ control: 50%, hints: 50% }', '▲{ control: 50%, hints: 40% }', 'the shares of the groups sum up to 90% — let them sum up to 100%'],
  ['{ control: 50%, hints: 50% }', '▲{ control: 0, hints: 0 }', 'two groups with shares above 0 are needed'],
  ['{ control: 50%, hints: 50% }', "{ control: 50%, ▲' Control': 50% }", 'two groups are called " Control" but for case and blanks'],
  ['{ control: 50%, hints: 50% }', '{ control: 50%, hints: ▲half }', 'write a share: 50% or 0.5'],
  ['target: cards', 'target: cards\n  control: ▲base', 'there is no group "base"'],
  ['{ users: 40000, until: 2026-12-01 }', '▲{}', 'planned is empty — write when the test ends'],
  ['{ users: 40000, until: 2026-12-01 }', '{ users: ▲0 }', 'above 0'],
  ['{ users: 40000, until: 2026-12-01 }', '{ until: ▲December }', 'planned.until is "December"'],
  ['target: cards', 'target: cards\n  ▲segment: [platform]', 'experiment has no key "segment" — did you mean "segments"?'],
  ['target: cards', 'target: cards\n  segments: [▲"a b"]', 'a column: latin letters, digits and _'],
  ['target: cards', 'target: cards\n  before: ▲14', 'write days: 14d, or off'],
  ['hypothesis: { ru: Г, en: H }', 'hypothesis: ▲{ ru: Г }', 'hypothesis has no English text'],
])('a mistake is told at its place, with advice: %#', async (from, to, message) => {
  const { faults, places, section } = await read(good.replace(from, to));
  expect(section).toBeUndefined();
  expect(faults.join('\n')).toContain(message);
  expect(faults.find((fault) => fault.includes(message))).toMatch(new RegExp(`^${places[0]?.replace(/[.]/g, '\\.') ?? '?'} `));
});

test('a metric with faults is said to be the reason', async () => {
  expect((await read(good, { cards: metric('margin: much') })).faults.join()).toContain('the metric "cards" has faults — mend metrics/cards.sql');
});
