import { describe, expect, test } from 'vitest';
import type { BoundStep } from '../../backend/sources/source.ts';
import { selfSignedCertificate } from '../services/certificate.ts';
import { startScriptedClickHouse, type ScriptedClickHouse } from '../services/clickhouse-server.ts';
import { context } from '../workbench/scratch-engine.ts';
import { ScriptedSource, described, nativeRows, never, step } from './scripted-source.ts';

const scripted = new ScriptedSource();

describe('a user that may not set everything', () => {
  const refuse = (code: number, text: string) => (response: Parameters<Parameters<ScriptedClickHouse['on']>[1]>[0]) => void response.writeHead(500, { 'X-ClickHouse-Exception-Code': String(code) }).end(`Code: ${code}. DB::Exception: ${text}`);

  test('an older server that lacks a setting gets the query without it', async () => {
    scripted.server.on(/^DESCRIBE/, (response, { address }) => {
      if (address.searchParams.has('session_timezone')) refuse(115, "Unknown setting 'session_timezone'. (UNKNOWN_SETTING)")(response);
      else if (address.searchParams.has('max_memory_usage')) refuse(452, "Setting max_memory_usage shouldn't be greater than 1000000. (SETTING_CONSTRAINT_VIOLATION)")(response);
      else response.end(described);
    });
    scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
    expect((await scripted.run()).rows).toBe(40_000);
    const { searchParams } = scripted.server.seen.find(({ sql }) => nativeRows.test(sql))!.address;
    expect(searchParams.get('readonly')).toBe('2');
    expect(searchParams.get('max_execution_time')).toBe('60');
    expect([searchParams.has('session_timezone'), searchParams.has('max_memory_usage')]).toEqual([false, false]);
  });

  test('with readonly = 1 the query goes without any, numbers stay exact, and the check advises', async () => {
    const own = new Set(['query_id', 'database', 'wait_end_of_query', 'query', 'default_format']);
    const closed = (answer: string) => (response: Parameters<Parameters<ScriptedClickHouse['on']>[1]>[0], { address }: { address: URL }): void => {
      const set = [...address.searchParams.keys()].find((name) => !own.has(name));
      if (set === undefined) response.end(answer);
      else refuse(164, `Cannot modify '${set}' setting in readonly mode. (READONLY) (version 24.8.4.13 (official build))`)(response);
    };
    scripted.server.on(/FORMAT JSONCompactEachRowWithNamesAndTypes/, closed('["n","e","b","s"]\n["UInt64","Nullable(Int8)","Bool","Float64"]\n[18446744073709551615,null,true,1.5]\n'));
    scripted.server.on(/FORMAT JSONCompactStringsEachRowWithNamesAndTypes/, closed('["n","e","b","s"]\n["UInt64","Nullable(Int8)","Bool","Float64"]\n["18446744073709551615","ᴺᵁᴸᴸ","true","1.5"]\n'));
    expect((await scripted.source.select(step, context())).rows).toEqual([['18446744073709551615', null, true, 1.5]]);
    scripted.server.on(/^SELECT version/, closed(`["24.8.4.13",${Date.now() + 90_000},1]\n`));
    scripted.server.on(/^SHOW GRANTS/, closed('["GRANT SELECT, INSERT ON d.* TO reader"]\n'));
    const { version, advice = [] } = await scripted.source.check(never);
    expect(version).toBe('24.8.4.13');
    expect(advice.map(({ en }) => en)).toEqual([expect.stringContaining('25.11'), expect.stringMatching(/clock is (89|90) s ahead/), expect.stringContaining('readonly = 1')]);
  });

  test('with readonly = 2 in the profile only that setting is left out where the server minds it', async () => {
    scripted.server.on(/^DESCRIBE/, (response, { address }) => void (address.searchParams.has('readonly') ? refuse(164, "Cannot modify 'readonly' setting in readonly mode. (READONLY)")(response) : response.end(described)));
    scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
    await scripted.run();
    const { searchParams } = scripted.server.seen.find(({ sql }) => nativeRows.test(sql))!.address;
    expect([searchParams.get('readonly'), searchParams.get('max_execution_time')]).toEqual([null, '60']);
  });

  test('a good one gets no advice', async () => {
    scripted.server.on(/^SELECT version/, (response) => void response.end(`["26.3.1.1",${Date.now()},2]\n`));
    scripted.server.on(/^SHOW GRANTS/, (response) => void response.end('["GRANT SELECT ON wallet.* TO reader"]\n'));
    expect(await scripted.source.check(never)).toEqual({ version: '26.3.1.1', latencyMs: expect.any(Number) });
  });
});

describe('HTTPS', () => {
  test('trusts the authority of ca alone; an unknown one is refused before anything is sent', async () => {
    const pair = selfSignedCertificate();
    const secure = await startScriptedClickHouse(pair);
    secure.on(/^SELECT version/, (response) => void response.end(`["26.3.1.1",${Date.now()},2]\n`));
    const [strange, trusted] = [scripted.open({ url: secure.url }), scripted.open({ url: secure.url, ca: pair.certificate })];
    await expect(strange.check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('unknown authority') });
    expect(secure.seen).toEqual([]);
    expect((await trusted.check(never)).version).toBe('26.3.1.1');
    await Promise.all([strange.close(), trusted.close()]);
    await secure.close();
  });
});

test('a long list and an earlier step travel as multipart: the statement, what describes each table, then its rows', async () => {
  const first = await scripted.near.workbench.store({ sql: "SELECT toUInt8(number + 65) AS `odd name`, 'z' AS t FROM numbers(2)", parameters: {} }, { database: '', databases: [] }, 'fault_first', context());
  const name = scripted.source.stepReference('first', first);
  scripted.server.on(/name="query"\r\n\r\nDESCRIBE/, (response) => void response.end(described));
  scripted.server.on(/name="query"\r\n\r\nSELECT/, (response) => void response.end(scripted.blocks));
  const ids = Array.from({ length: 1_001 }, (_, at) => String(at));
  const parameters: BoundStep['parameters'] = { ids: { scalar: 'integer', value: ids }, city: { scalar: 'string', value: "it's" } };
  await scripted.source.run({ name: 'step', sql: `SELECT a, t FROM numbered WHERE a IN {ids:Array(Int64)} AND t = {city:String} AND a IN (SELECT * FROM ${name})`, parameters, steps: { first } }, 'fault_multipart', context());
  const [described0, rows] = scripted.server.seen;
  expect(described0?.address.searchParams.get('param_city')).toBe("it\\'s");
  expect(described0?.sql).toContain(`name="list_1"; filename="list_1"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--`);
  const parts = (rows?.sql ?? '').split(/--+tasksheet-[0-9a-f-]{36}(?:\r\n|--\r\n)/).filter((part) => part !== '');
  const field = (key: string, value: string): string => `Content-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`;
  const table = (key: string, value: string): string => `Content-Disposition: form-data; name="${key}"; filename="${key}"\r\nContent-Type: application/octet-stream\r\n\r\n${value}\r\n`;
  expect(parts).toEqual([
    field('query', `SELECT * FROM (SELECT a, t FROM numbered WHERE (a IN (SELECT value FROM list_1)) AND (t = {city:String}) AND (a IN (SELECT * FROM ${name}))) LIMIT 2000001 FORMAT Native`),
    field(`${name}_format`, 'RowBinary'), field(`${name}_structure`, '`odd name` UInt8, `t` String'), table(name, 'A\u0001zB\u0001z'),
    field('list_1_format', 'TabSeparated'), field('list_1_structure', 'value Int64'), table('list_1', ids.map((id) => `${id}\n`).join('')),
  ]);
});

test('no statement that only reads is sent without readonly, its own id and limits', async () => {
  scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
  await scripted.run({ timeSeconds: 7, memoryBytes: 123_456_789, rows: 50_000 });
  for (const { address, sql } of scripted.server.seen) {
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ readonly: '2', max_execution_time: '7', max_memory_usage: '123456789', result_overflow_mode: 'throw', timeout_overflow_mode: 'throw', database: 'd' });
    expect(sql).toMatch(/^DESCRIBE TABLE \(|LIMIT 50001 FORMAT Native$/);
  }
  expect(new Set(scripted.server.seen.map(({ address }) => address.searchParams.get('query_id'))).size).toBe(2);
});
