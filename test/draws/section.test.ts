import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCatalog } from '../../backend/catalog/index.ts';
import { drawCatalogKind } from '../../backend/draws/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tasksheet-draw-section-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const usual = 'participant: id, prizes: [ { title: { ru: Приз, en: Prize }, count: 1 } ]';

let count = 0;
async function read(section: string) {
  count += 1;
  const catalog = join(folder, String(count));
  await mkdir(join(catalog, 'tasks'), { recursive: true });
  await writeFile(join(catalog, 'sources.yaml'), 'warehouse: { kind: workbench, database: lab }\n');
  await writeFile(join(catalog, 'access.yaml'), 'roles:\n  analyst: { may: [run], groups: all }\npeople:\n  anna@company.example: analyst\n');
  const text = `/*\nkind: draw\ntitle: { ru: Р, en: D }\ndescription: { ru: Р., en: D. }\ngroup: promos\nowner: anna@company.example\nstatus: published\nform:\n  week: { kind: dateRange, label: { ru: Неделя, en: Week } }\n  city: { kind: text, label: { ru: Город, en: City } }\n${section}\n*/\n-- step staff on warehouse\nSELECT 1 AS id\n-- step people on warehouse\nSELECT id FROM people WHERE day >= {{week.from}} AND city = {{city}}\n`;
  await writeFile(join(catalog, 'tasks', 'prize.sql'), text);
  const opened = await openCatalog(catalog, { watch: false, kinds: [drawCatalogKind] });
  try {
    return { section: opened.task('prize')?.section, faults: opened.faults().filter(({ file }) => file === 'tasks/prize.sql').map(({ line, message, advice }) => `${line}: ${message} — ${advice}`) };
  } finally {
    await opened.close();
  }
}

it('a whole section is kept; a step that only the draw leaves out is not called idle', async () => {
  expect(await read(`draw: { ${usual}, weight: w, reserves: 3, period: week, exclude: [{ list: steps.staff, title: { ru: сотрудники, en: staff } }, lastWinners], strict: true }`)).toEqual({
    section: { participant: 'id', weight: 'w', prizes: [{ title: { ru: 'Приз', en: 'Prize' }, count: 1 }], reserves: 3, period: 'week', exclude: [{ step: 'staff', title: { ru: 'сотрудники', en: 'staff' } }, 'lastWinners'], strict: true },
    faults: [],
  });
});

it.each([
  ['', /no section "draw"/],
  ['draw: { participant: id }', /prizes/],
  ['draw: { participant: id, prizes: [] }', /name a prize/],
  ['draw: { participant: id, prizes: [ { title: { ru: Приз, en: Prize }, count: 0 } ] }', /at least 1/],
  ['draw: { participant: id, prizes: [ { title: { ru: Приз, en: Prize }, count: 20000 } ] }', /at most 10000/],
  ['draw: { participant: "id; DROP", prizes: [ { title: { ru: Приз, en: Prize }, count: 1 } ] }', /a column: latin letters/],
  [`draw: { ${usual}, period: lastCalendarWeek }`, /period is "lastCalendarWeek" — name a field of kind dateRange/],
  [`draw: { ${usual}, period: city }`, /period is "city"/],
  [`draw: { ${usual}, exclude: [steps.stuff] }`, /no step "stuff" before the last one — .*staff/],
  [`draw: { ${usual}, exclude: [steps.people] }`, /no step "people" before the last one/],
  [`draw: { ${usual}, exclude: [winners] }`, /write lastWinners, steps.NAME/],
  [`draw: { ${usual}, seed: 42 }`, /seed/],
])('%s is told with what to write', async (section, words) => {
  const { faults } = await read(section);
  expect(faults.join('\n')).toMatch(words);
  expect(faults.every((fault) => Number(fault.split(':')[0]) >= 1)).toBe(true);
});
