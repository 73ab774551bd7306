import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceKinds } from '../../backend/sources/index.ts';
import { amplitudeSource } from '../../backend/sources/amplitude.ts';
import { isSecret } from '../../backend/sources/secret.ts';
import { context } from '../workbench/scratch-engine.ts';
import { cohortOf, computed, keys, openLab, openProject, users, type Lab, type Project } from './amplitude-lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

async function project(...given: Parameters<typeof openProject> extends [Lab, ...infer Rest] ? Rest : never): Promise<Project & AsyncDisposable> {
  const opened = await openProject(lab, ...given);
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() });
}

const english = ({ notices }: { notices: { en: string }[] }): string => notices.map(({ en }) => en).join(' ');

describe('a cohort', () => {
  test('becomes a table of its users by the documented three steps', async () => {
    await using amplitude = await project([cohortOf('5mjbq8w', users(3))], { jobMs: 300 });
    const table = await amplitude.run('cohort: 5mjbq8w');
    expect(table).toMatchObject({ rows: 3, columns: [{ name: 'amplitude_id' }, { name: 'user_id' }] });
    expect(await amplitude.rows(table)).toEqual([['500000000000', 'user-0'], ['500000000001', 'user-1'], ['500000000002', 'user-2']]);
    const steps = amplitude.standIn.seen.filter(({ path }) => path.startsWith('/api/5/')).map(({ path }) => path.replace(/[0-9a-f]{8}/, 'ID'));
    expect([...new Set(steps)]).toEqual(['/api/5/cohorts/request/5mjbq8w', '/api/5/cohorts/request-status/ID', '/api/5/cohorts/request/ID/file']);
  });

  test('is fetched from the file host without the keys', async () => {
    await using amplitude = await project([cohortOf('withfile', users(2))]);
    await amplitude.run('cohort: withfile');
    expect(amplitude.standIn.seen.filter(({ host }) => host === 'files')).toMatchObject([{ authorised: false }]);
    expect(amplitude.standIn.seen.filter(({ host }) => host === 'api').every(({ authorised }) => authorised)).toBe(true);
  });

  test('that is small comes at once', async () => {
    await using amplitude = await project([cohortOf('small', users(2))], { smallBytes: 10_000 });
    expect((await amplitude.run('cohort: small')).rows).toBe(2);
    expect(amplitude.standIn.seen.some(({ host }) => host === 'files')).toBe(false);
  });

  test('is cleaned: blank rows, repeats, quotes, BOM and CRLF; users without user_id are kept and counted', async () => {
    await using amplitude = await project([cohortOf('dirty', users(5))]);
    const file = '\uFEFFuser_id,amplitude_id\r\nanna,1\r\n\r\n"""boris""",2\r\n,3\r\nanna,4\r\n,3\r\n , \r\nВера Ё,5\r\n';
    amplitude.standIn.faults.content = { body: file };
    const table = await amplitude.run('{ cohort: dirty, atLeast: "0" }');
    expect(await amplitude.rows(table)).toEqual([['1', 'anna'], ['2', 'boris'], ['3', null], ['5', 'Вера Ё']]);
    expect(english(table)).toMatch(/Without user_id.*: 1\..*Repeats left out: 2\..*Blank rows left out: 2\./);
    expect(table.notices[0]?.ru).toContain('Когорта «Когорта dirty» (dirty): посчитана в Amplitude 20.11.2026, 10:00');
  });

  test('brings the user properties asked for, with line breaks and commas in them, by repeated keys', async () => {
    const members = users(2, (at) => ({ properties: { city: at === 0 ? 'Тверь,\n"старый" город' : '', platform: 'a\tb\\' } }));
    await using amplitude = await project([cohortOf('props', members)]);
    const table = await amplitude.run('cohort: props\nproperties: [city, platform]');
    expect(await amplitude.rows(table)).toEqual([['500000000000', 'user-0', 'Тверь,\n"старый" город', 'a\tb\\'], ['500000000001', 'user-1', null, 'a\tb\\']]);
    expect(amplitude.standIn.seen.find(({ path }) => path.endsWith('/props'))?.query).toBe('?props=1&propKeys=city&propKeys=platform');
  });

  test('keeps Cyrillic letters whole wherever the file is cut into pieces', async () => {
    const members = users(20_000, (at) => ({ userId: `${'я'.repeat(at % 7)}пользователь-${at}` }));
    await using amplitude = await project([cohortOf('letters', members)]);
    expect(await amplitude.rows(await amplitude.run('cohort: letters'))).toEqual(members.map(({ amplitudeId, userId }) => [amplitudeId, userId]));
  });

  test('takes the types that the author gives', async () => {
    await using amplitude = await project([cohortOf('typed', users(2, (at) => ({ userId: String(at + 7) })))]);
    const table = await amplitude.run('cohort: typed', { casts: { user_id: 'integer' } });
    expect(table.columns).toMatchObject([{ engineType: 'Nullable(String)' }, { name: 'user_id', engineType: 'Nullable(Int64)' }]);
    await expect(amplitude.run('cohort: typed', { casts: { nobody: 'string' } })).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('nobody') });
  });

  test('takes a bound value, an id or a pasted address', async () => {
    await using amplitude = await project([cohortOf('26umsb5', users(1))]);
    for (const value of ['26umsb5', 'https://app.amplitude.com/analytics/wallet/cohort/26umsb5?tab=1']) {
      const body = `cohort: ${amplitude.source.placeholder('f_cohort', { scalar: 'string', value })}`;
      expect((await amplitude.run(body, { parameters: { f_cohort: { scalar: 'string', value } } })).rows).toBe(1);
    }
  });

  test('that is empty is a table without rows, and says so', async () => {
    await using amplitude = await project([cohortOf('empty', [])]);
    const table = await amplitude.run('cohort: empty');
    expect(table.rows).toBe(0);
    expect(english(table)).toContain('The cohort is empty.');
  });

  test('that is larger than the task may have is refused, not cut, and the download is not lost', async () => {
    await using amplitude = await project([cohortOf('large', users(50))]);
    await expect(amplitude.run('cohort: large', { context: context({ rows: 49 }) })).rejects.toMatchObject({ code: 'row_limit' });
    expect((await amplitude.run('cohort: large')).rows).toBe(50);
    expect(amplitude.downloads()).toBe(1);
  });
});

describe('a kept cohort', () => {
  test('is not downloaded again while Amplitude has not computed it anew', async () => {
    const cohort = cohortOf('kept', users(3));
    await using amplitude = await project([cohort]);
    await amplitude.run('cohort: kept');
    const again = await amplitude.run('cohort: kept');
    expect(again.rows).toBe(3);
    expect(english(again)).toContain('downloaded');
    expect(amplitude.downloads()).toBe(1);
    await amplitude.run('cohort: kept\nproperties: []');
    expect(amplitude.downloads()).toBe(1);
    cohort.lastComputed = computed + 60;
    await amplitude.source.check(new AbortController().signal);
    await amplitude.run('cohort: kept');
    expect(amplitude.downloads()).toBe(2);
  });

  test('is downloaded once for runs that want it side by side', async () => {
    await using amplitude = await project([cohortOf('wanted', users(3))], { jobMs: 300 });
    const tables = await Promise.all([amplitude.run('cohort: wanted'), amplitude.run('cohort: wanted'), amplitude.run('cohort: wanted')]);
    expect(tables.map(({ rows }) => rows)).toEqual([3, 3, 3]);
    expect(amplitude.downloads()).toBe(1);
  });

  test('serves while Amplitude is down, and says so', async () => {
    await using amplitude = await project([cohortOf('down', users(3))]);
    await amplitude.run('cohort: down');
    amplitude.standIn.faults.list = { kind: 'page' };
    await amplitude.source.check(new AbortController().signal).catch(() => undefined);
    const table = await amplitude.run('cohort: down');
    expect(table.rows).toBe(3);
    expect(english(table)).toContain('Amplitude does not answer now');
  });

  test('is downloaded again when its table has gone', async () => {
    await using amplitude = await project([cohortOf('gone', users(3))]);
    await amplitude.run('cohort: gone');
    await lab.workbench.drop((await lab.workbench.storedTableIds()).filter((id) => id.startsWith('cohort_')));
    expect((await amplitude.run('cohort: gone')).rows).toBe(3);
    expect(amplitude.downloads()).toBe(2);
  });

  test('whose preparation took too long is waited for by the next run, without another download', async () => {
    await using amplitude = await project([cohortOf('slowly', users(3))], { jobMs: 2_500 });
    await expect(amplitude.run('cohort: slowly', { context: context({ timeSeconds: 1 }) })).rejects.toMatchObject({ code: 'time_limit' });
    expect((await amplitude.run('cohort: slowly')).rows).toBe(3);
    expect(amplitude.downloads()).toBe(1);
  });

  test('without a place in the list serves for a while', async () => {
    await using amplitude = await project([cohortOf('hidden', users(3), { published: false })]);
    await amplitude.run('cohort: hidden');
    expect((await amplitude.run('cohort: hidden')).rows).toBe(3);
    expect(amplitude.downloads()).toBe(1);
  });
});

describe('events', () => {
  const data = {
    cohorts: async () => [],
    events: async () => [
      { value: 'card_opened', display: 'Карта открыта', totals: 12_000 },
      { value: 'old', totals: 0, nonActive: true },
      { value: 'removed', totals: 1, deleted: true },
    ],
    totals: async (event: string) => (event === 'card_opened' ? { '2026-03-01': 5, '2026-03-02': 7, '2026-03-31': 9 } : null),
  };

  test('are listed', async () => {
    await using amplitude = await project([], { data });
    const table = await amplitude.run('events: list');
    expect(await amplitude.rows(table)).toEqual([['card_opened', 'Карта открыта', '12000', true], ['old', 'old', '0', false]]);
  });

  test('have a total a day, not of unique users, over periods of any length', async () => {
    await using amplitude = await project([], { data });
    const table = await amplitude.run('event: card_opened\nfrom: 2025-03-01\nuntil: 2026-04-01');
    const rows = await amplitude.rows(table);
    expect(rows).toHaveLength(396);
    expect(rows.filter(([, , total]) => total !== '0')).toEqual([['2026-03-01', 'card_opened', '5'], ['2026-03-02', 'card_opened', '7'], ['2026-03-31', 'card_opened', '9']]);
    expect(amplitude.standIn.seen.map(({ query }) => new URLSearchParams(query)).map((query) => [query.get('start'), query.get('end'), query.get('m')])).toEqual([['20250301', '20260228', 'totals'], ['20260301', '20260331', 'totals']]);
  });

  test('leave out the day that is not over in the zone of the project', async () => {
    await using amplitude = await project([], { data: { ...data, totals: async () => ({}) }, settings: { timeZone: 'Pacific/Kiritimati' } });
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(new Date());
    const table = await amplitude.run(`event: card_opened\nfrom: 2026-10-01\nuntil: 2027-01-01`);
    const rows = await amplitude.rows(table);
    expect(String(rows.at(-1)?.[0]) < today).toBe(true);
    expect(english(table)).toContain(`The day ${today} is not over`);
  });

  test('that are unknown are refused', async () => {
    await using amplitude = await project([], { data });
    await expect(amplitude.run('event: nothing\nfrom: 2026-03-01\nuntil: 2026-03-05')).rejects.toMatchObject({ code: 'query_failed' });
  });
});

describe('the source', () => {
  test('is in the list, its secrets are marked, and settings that do not fit are refused', () => {
    expect(sourceKinds.map(({ kind }) => kind)).toContain('amplitude');
    const { shape } = amplitudeSource.settings as unknown as { shape: Record<string, unknown> };
    expect(Object.keys(shape).filter((name) => isSecret(shape[name]))).toEqual(['key', 'secret']);
    const wrong = [{ region: 'ru' }, { url: 'http://amplitude.com' }, { url: 'http://10.0.0.1' }, { url: 'https://key:secret@amplitude.com' }, { timeZone: 'Moscow' }, { keepDays: 0 }, { regoin: 'us' }];
    for (const one of wrong) expect(amplitudeSource.settings.safeParse({ region: 'us', ...keys, ...one }).success, JSON.stringify(one)).toBe(false);
    expect(amplitudeSource.settings.safeParse({ region: 'eu', ...keys, url: 'https://amplitude.company.example' }).success).toBe(true);
  });

  test('describes what a step returns without asking Amplitude', async () => {
    await using amplitude = await project([]);
    const describeStep = (sql: string) => amplitude.source.describe({ name: 'lint', sql, parameters: {}, steps: {} });
    expect((await describeStep('cohort: sample\nproperties: [city]')).map(({ name }) => name)).toEqual(['amplitude_id', 'user_id', 'city']);
    expect((await describeStep('events: list')).map(({ name }) => name)).toEqual(['event', 'title', 'this_week', 'active']);
    expect(amplitude.standIn.seen).toEqual([]);
  });

  test('is checked by its list of cohorts, and tells how many downloads are left', async () => {
    await using amplitude = await project([cohortOf('counted', users(1))], { monthlyDownloads: 10 });
    await amplitude.run('cohort: counted');
    const state = await amplitude.source.check(new AbortController().signal);
    expect(state.version).toMatch(/\d/);
    expect(state.advice?.[0]?.en).toBe('Cohort downloads this month: 1 of 10.');
  });

  test('finds cohorts by id, address and words', async () => {
    await using amplitude = await project([cohortOf('5mjbq8w', users(2), { name: 'Ушли после пуша' }), cohortOf('another', users(4), { lastComputed: computed + 1 }), cohortOf('archive', [], { archived: true }), cohortOf('secretly', [], { published: false })]);
    const find = (search: string) => amplitude.source.findCohorts?.(search, new AbortController().signal);
    const found = { id: '5mjbq8w', name: 'Ушли после пуша', size: 2, computedAt: '2026-11-20T07:00:00.000Z', archived: false, finished: true };
    expect(await find('5mjbq8w')).toEqual({ found: [found], more: false, unlisted: false, downloads: { used: 0, limit: 500 } });
    expect(await find('https://analytics.amplitude.com/wallet/cohort/5mjbq8w')).toMatchObject({ found: [found] });
    expect(await find('ПОСЛЕ пуша')).toMatchObject({ found: [found] });
    expect((await find(''))?.found.map(({ id }) => id)).toEqual(['another', '5mjbq8w']);
    expect(await find('archive')).toMatchObject({ found: [{ archived: true }] });
    expect(await find('secretly')).toMatchObject({ found: [], unlisted: true });
  });

  test('cannot read earlier steps or answer queries of fields', async () => {
    await using amplitude = await project([]);
    expect(() => amplitude.source.stepReference('cards', { id: 'x', columns: [], rows: 0, notices: [] })).toThrow(/steps.cards/);
    await expect(amplitude.source.select({ name: 'x', sql: '', parameters: {}, steps: {} }, context())).rejects.toMatchObject({ code: 'query_refused' });
  });
});
