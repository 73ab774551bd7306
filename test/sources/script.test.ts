import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorKinds, sourceKinds } from '../../backend/sources/index.ts';
import { scriptSource } from '../../backend/sources/script.ts';
import { sweepAbandoned } from '../../backend/sources/script/own-directory.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';

let scratch: ScratchEngine;
let python: Source;
let count = 0;

/** The interpreter itself: a shim on PATH may need an environment of its own. */
const interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
  python = scriptSource.open({ interpreter }, { name: 'python', workbench: scratch.workbench, timeZone: 'Europe/Moscow' });
});
afterAll(() => scratch.close());

const step = (sql: string, more: Partial<BoundStep> = {}): BoundStep => ({ name: 'scored', sql, parameters: {}, steps: {}, ...more });
const nextId = (): string => `script_${(count += 1)}`;
async function run(sql: string, more: Partial<BoundStep> = {}, changes: Parameters<typeof context>[0] = {}) {
  const table = await python.run(step(sql, more), nextId(), context(changes));
  const text = await textOf(await scratch.workbench.stream(table, { format: 'JSONCompactEachRow' }, new AbortController().signal));
  return { table, rows: text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]) };
}
const types = (table: { columns: { name: string; engineType: string }[] }) => Object.fromEntries(table.columns.map(({ name, engineType }) => [name, engineType]));
const leftOvers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('tasksheet-script-'));
async function alive(mark: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.some((line) => line.includes(mark));
}

describe('a script step', () => {
  test('reads earlier steps and values by the module beside it, and gives a typed table back', async () => {
    const cohort = await scratch.workbench.store(
      { sql: "SELECT number AS id, concat('00', toString(number)) AS card, if(number = 1, NULL, toDecimal64(number / 4, 2)) AS sum, toDate('2026-03-01') + number AS day FROM numbers(3)", parameters: {} },
      { database: '', databases: [] },
      nextId(),
      context(),
    );
    const { table, rows } = await run(
      `import tasksheet
rows = [{"id": row["id"], "card": row["card"], "score": (row["sum"] or 0) * tasksheet.values["factor"], "day": row["day"], "good": row["sum"] is None, "city": "Орёл, «центр»\\nдвор"} for row in tasksheet.rows("cohort")]
assert tasksheet.columns("cohort") == [("id", "integer"), ("card", "string"), ("sum", "decimal"), ("day", "date")]
tasksheet.give(rows)
print("done")
`,
      { steps: { cohort }, parameters: { factor: { scalar: 'integer', value: '3' } } },
    );
    expect(rows).toEqual([
      ['0', '000', 0, '2026-03-01', false, 'Орёл, «центр»\nдвор'],
      ['1', '001', 0, '2026-03-02', true, 'Орёл, «центр»\nдвор'],
      ['2', '002', 1.5, '2026-03-03', false, 'Орёл, «центр»\nдвор'],
    ]);
    expect(types(table)).toEqual({ id: 'Nullable(Int64)', card: 'String', score: 'Nullable(Float64)', day: 'Nullable(Date32)', good: 'Nullable(Bool)', city: 'String' });
    expect(await scratch.workbench.storedTableIds()).not.toContain(`${table.id}-raw`);
    expect(await leftOvers()).toEqual([]);
  });

  test('may print its table; types that the author gave hold exactly', async () => {
    const { table, rows } = await run('print("id,score,note\\n7,0.29,a\\n8,1e-05,\\n9,,c")', { casts: { id: 'string', score: 'decimal' } });
    expect(types(table)).toMatchObject({ id: 'String', score: 'Nullable(Decimal(38, 12))' });
    expect(rows).toEqual([['7', '0.29', 'a'], ['8', '0.00001', ''], ['9', null, 'c']]);
  });

  test('that returns a value of another type than it was given is told the row', async () => {
    await expect(run('print("id\\n7\\nx")', { casts: { id: 'integer' } })).rejects.toMatchObject({ code: 'query_failed', message: expect.stringMatching(/“x”.*“id”, row 3/) });
    await expect(run('print("id\\n7")', { casts: { score: 'decimal' } })).rejects.toMatchObject({ message: expect.stringContaining('“score”') });
  });

  test('loses no row, no digit and no letter of its table', async () => {
    const given = await run('import tasksheet\ntasksheet.give([{"a": " x ", "b": 1, "c": "1\\r\\n2"}, {"a": None, "b": None, "c": ""}, {"a": "👍🏽", "b": 3, "c": "3\\r4"}])');
    expect(given.rows).toEqual([[' x ', '1', '1\r\n2'], ['', null, ''], ['👍🏽', '3', '3\r4']]);
    expect((await run('import tasksheet\ntasksheet.give([{"a": "x"}, {"a": ""}, {"a": "y"}, {"a": ""}])')).rows).toEqual([['x'], [''], ['y'], ['']]);
    expect((await run('print("a\\nx\\n")')).rows).toEqual([['x']]);
    expect((await run('open("out.csv", "w", newline="").write("a,b\\r\\n1,x\\r\\n\\r\\n2,y\\r\\n")')).rows).toEqual([['1', 'x'], ['2', 'y']]);
    expect((await run('print("id\\n9223372036854775807\\n-9223372036854775808")', { casts: { id: 'integer' } })).rows).toEqual([['9223372036854775807'], ['-9223372036854775808']]);
    expect((await run('print("id\\n9223372036854775807")')).rows).toEqual([['9223372036854775807']]);
  });

  test('without rows is a table of the columns that its author has named', async () => {
    const { table, rows } = await run('import tasksheet\ntasksheet.give([])', { casts: { id: 'string', score: 'decimal' } });
    expect(rows).toEqual([]);
    expect(types(table)).toEqual({ id: 'String', score: 'Nullable(Decimal(38, 12))' });
    await expect(run('import tasksheet\ntasksheet.give([])')).rejects.toMatchObject({ message: expect.stringMatching(/needs names of columns/) });
  });

  test.each([
    ['date', '2026-02-30'], ['date', '1850-01-01'], ['date', '2026-13-45'], ['date', '2500-01-01'],
    ['datetime', '2026-01-01 25:61:00'], ['datetime', '1850-01-01 10:00:00'], ['datetime', '2026-02-29T10:00:00Z'],
    ['decimal', 'inf'], ['decimal', '1e30'], ['decimal', '123456789012345678901234567890.5'], ['integer', '9223372036854775808'],
  ] as const)('that returns as %s what none can hold, %s, is told so; without a type it stays as it was written', async (type, value) => {
    await expect(run(`print("v\\n${value}")`, { casts: { v: type } })).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining(`“${value}”`) });
    const { rows } = await run(`print("v\\n${value}")`);
    expect(type === 'decimal' ? Number(rows[0]?.[0]) || rows[0]?.[0] : rows[0]?.[0]).toEqual(type === 'decimal' && value !== 'inf' ? Number(value) : value);
  });

  test.each([
    ['nothing at all', 'pass', /neither a file out\.csv/],
    ['rows of different widths', 'print("a,b\\n1,2\\n3\\n4,5,6")', /row 3: 1 cells.*row 4: 3 cells/],
    ['bytes that are no text', 'import os, sys; sys.stdout.buffer.write(os.urandom(5000))', /no CSV table/],
  ])('that prints %s fails in words', async (_name, sql, words) => {
    await expect(run(sql)).rejects.toMatchObject({ code: 'query_failed', message: expect.stringMatching(words) });
  });

  test('that dies shows its last lines to its author, not in the message', async () => {
    const failing = run('import sys\nprint("x" * 100000, file=sys.stderr)\nraise ValueError("secret detail")');
    await expect(failing).rejects.toMatchObject({ code: 'query_failed', message: expect.not.stringContaining('secret'), forAuthor: expect.stringContaining('ValueError: secret detail') });
    await failing.catch((error: { forAuthor: string }) => expect(error.forAuthor.length).toBeLessThan(6_000));
    await expect(run('import os, signal; os.kill(os.getpid(), signal.SIGSEGV)')).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('SIGSEGV') });
  });

  test('that never ends is stopped at its time limit, also when it ignores being asked', async () => {
    const begun = performance.now();
    await expect(run('import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint("waiting", flush=True)\nwhile True: time.sleep(1)', {}, { timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit', forAuthor: expect.stringContaining('waiting') });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('is stopped with all that it has started, also what left its group', async () => {
    const mark = `mark${process.pid}`;
    const stop = new AbortController();
    const sql = `import subprocess, time
subprocess.Popen(["sleep", "1000.${process.pid}"], start_new_session=True)
subprocess.Popen(["sh", "-c", "sleep 1001.${process.pid}; echo ${mark}"])
open("/tmp/tasksheet-test-${mark}", "w").close()
time.sleep(1000)`;
    const work = run(sql, {}, { signal: stop.signal });
    work.catch(() => undefined);
    await expect.poll(() => alive(`1000.${process.pid}`), { timeout: 10_000 }).toBe(true);
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    await expect.poll(() => alive(`.${process.pid}`), { timeout: 5_000 }).toBe(false);
    execFileSync('rm', ['-f', `/tmp/tasksheet-test-${mark}`]);
    expect(await leftOvers()).toEqual([]);
  });

  test('of a backend that was killed is ended by the next one, and what it was given is removed', async () => {
    const program = 'import { inOwnDirectory } from "./backend/sources/script/own-directory.ts"; import { spawn } from "node:child_process"; void inOwnDirectory(async (cwd) => { const { pid } = spawn("sleep", ["600"], { cwd, detached: true, stdio: "ignore" }); console.log(JSON.stringify({ cwd, pid })); await new Promise(() => setInterval(() => undefined, 1000)); });';
    const killed = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(killed.stdout, 'data')) as [Buffer];
    const { cwd, pid } = JSON.parse(said.toString()) as { cwd: string; pid: number };
    await sweepAbandoned();
    expect(await readdir(cwd)).toEqual([]);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await sweepAbandoned();
    await expect(readdir(cwd)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8').then((text) => / Z /.test(text), () => true)).toBe(true);
  });

  test('that leaves a process behind after its table is taken leaves nothing running', async () => {
    const { rows } = await run(`import subprocess\nsubprocess.Popen(["sleep", "1002.${process.pid}"], start_new_session=True)\nprint("a\\n1")`);
    expect(rows).toEqual([['1']]);
    await expect.poll(() => alive(`1002.${process.pid}`), { timeout: 5_000 }).toBe(false);
  });

  test('that asks for too much memory is told so', async () => {
    await expect(run('x = bytearray(3_000_000_000)', {}, { memoryBytes: 500_000_000 })).rejects.toMatchObject({ code: 'memory_limit', message: expect.stringContaining('500 MB') });
  });

  test('sees nothing of the backend\'s environment, and runs in a folder of its own', async () => {
    process.env['WAREHOUSE_PASSWORD'] = 'canary-secret';
    const { rows } = await run('import os, stat\nprint("name,value")\nfor name, value in os.environ.items(): print(f"{name},{len(value)}")\nprint("mode," + oct(stat.S_IMODE(os.stat(".").st_mode)))\nprint("stdin," + str(os.fstat(0).st_size))');
    delete process.env['WAREHOUSE_PASSWORD'];
    const seen = Object.fromEntries(rows as [string, string][]);
    expect(Object.keys(seen).filter((name) => !['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'LC_CTYPE', 'PWD', 'OLDPWD', 'SHLVL', '_', 'mode', 'stdin'].includes(name) && !/^(PYTHON|MPL|TASKSHEET_STEP_MARK)/.test(name))).toEqual([]);
    expect(seen['mode']).toBe('0o700');
  });

  test('a missing interpreter is the operator\'s to mend', async () => {
    const absent = scriptSource.open({ interpreter: '/nowhere/python3' }, { name: 'python', workbench: scratch.workbench, timeZone: 'UTC' });
    await expect(absent.run(step('print(1)'), nextId(), context())).rejects.toMatchObject({ code: 'source_unreachable' });
    await expect(absent.check(new AbortController().signal)).rejects.toMatchObject({ code: 'source_unreachable' });
  });

  test('the check tells the version; only an operator can make a source of it', async () => {
    expect((await python.check(new AbortController().signal)).version).toMatch(/^Python 3\./);
    expect(sourceKinds.map(({ kind }) => kind)).not.toContain('script');
    expect(operatorKinds.map(({ kind }) => kind)).toContain('script');
    await expect(python.select(step('x'), context())).rejects.toMatchObject({ code: 'query_refused' });
  });

  test('one row over the limit is refused, not cut', async () => {
    await expect(run('print("a"); [print(n) for n in range(101)]', {}, { rows: 100 })).rejects.toMatchObject({ code: 'row_limit' });
  });
});
