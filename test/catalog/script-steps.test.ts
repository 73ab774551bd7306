import { expect, test } from 'vitest';
import { faultsOf, onlyTask, task, catalogDirectory, openedCatalog } from './temporary-catalog.ts';
import { formatFault } from '../../backend/catalog/index.ts';

const python = { builtInSources: new Map([['workbench', 'sql'], ['python', 'script']] as const) };
const withSteps = (steps: string): string => task('', `-- step one on workbench\nSELECT 1 AS n\n${steps}`);

test('a script in a file beside the task is read, and changes the task\'s version', async () => {
  const files = (script: string) => ({ 'tasks/cards.sql': withSteps('-- step scored with python from scripts/score.py reads one keep 30m (score: decimal)\n'), 'tasks/scripts/score.py': script });
  const versions: string[] = [];
  for (const script of ['print("a{{not a field}}")\n', 'print("b")\n']) {
    const catalog = await openedCatalog(await catalogDirectory(files(script)), { watch: false, ...python });
    expect(catalog.faults().map(formatFault)).toEqual([expect.stringContaining('step scored is never used again: it reads one, which is made anew each time')]);
    const [found] = catalog.tasks();
    expect(found?.steps[1]).toMatchObject({ name: 'scored', on: 'python', isScript: true, after: ['one'], casts: { score: 'decimal' }, keepSeconds: 1800, template: { source: script } });
    versions.push(found?.version ?? '');
  }
  expect(new Set(versions).size).toBe(2);
});

test('without an interpreter the task stays in use and lint says who switches scripts on', async () => {
  const text = withSteps('-- step scored with python\nprint("n")\n');
  expect(await faultsOf({ 'tasks/cards.sql': text })).toEqual([expect.stringMatching(/warning: scripts are switched off here, so this step cannot run — the operator sets TASKSHEET_SCRIPTS=python=\/path\/to\/python/)]);
  expect(await faultsOf({ 'tasks/cards.sql': text.replace('with python', 'with pyhton') }, python)).toEqual([expect.stringMatching(/no interpreter "pyhton" — did you mean "python"/)]);
  expect(await faultsOf({ 'tasks/cards.sql': text.replace('with python', 'with warehouse') }, python)).toEqual([expect.stringMatching(/warehouse runs no scripts — write -- step NAME on warehouse/)]);
});

test('a script and a query that wait for each other are a circle', async () => {
  const text = task('', '-- step first on workbench\nSELECT n FROM steps.second\n-- step second with python reads first\nprint("n")\n');
  expect(await faultsOf({ 'tasks/cards.sql': text }, python)).toEqual([expect.stringContaining('steps read each other')]);
});

test('a file field must name columns of known types, and stands only after FROM or JOIN of a step', async () => {
  const form = (columns: string) => `form:\n  f: { kind: file, label: { ru: Файл, en: File }, columns: ${columns} }`;
  const at = (sql: string, columns = '{ card: code }') => faultsOf({ 'tasks/cards.sql': task(form(columns), `-- step one on workbench\n${sql}\n`) });
  expect(await at('SELECT card FROM {{f}} AS given JOIN {{f}} AS other USING (card)')).toEqual([]);
  expect(await at('SELECT 1 AS card WHERE 1 = {{f}}')).toEqual([expect.stringContaining('{{f}} is a table')]);
  expect(await at('SELECT 1 AS card FROM numbers(1) WHERE number IN {{f}}')).toEqual([expect.stringContaining('{{f}} is a table')]);
  expect(await at('SELECT card FROM {{f}}', '{ card: number }')).toEqual([expect.stringContaining('text, code, integer, decimal, date, datetime')]);
  expect(await at('SELECT card FROM {{f}}', '{ "Номер карты": code }')).toEqual([expect.stringContaining('latin letters')]);
  expect(await at('SELECT card FROM {{f}}', '{}')).toEqual([expect.stringContaining('at least one column')]);
  const known = 'form:\n  f: { kind: file, label: { ru: Файл, en: File }, columns: { card: code } }\n  l: { kind: list, label: { ru: Л, en: L }, known: { on: workbench, sql: "SELECT card FROM {{f}}" } }';
  expect(await faultsOf({ 'tasks/cards.sql': task(known, '-- step one on workbench\nSELECT card FROM {{f}} WHERE card IN {{l}}\n') })).toEqual([expect.stringContaining('only steps read files')]);
  expect((await onlyTask(task(form('{ card: { type: code, title: { ru: Карта, en: Card } } }'), '-- step one on workbench\nSELECT card FROM {{f}}\n'))).fields[0]).toMatchObject({ kind: 'file', required: true });
});
