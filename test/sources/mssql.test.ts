import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceKinds } from '../../backend/sources/index.ts';
import { mssqlSource } from '../../backend/sources/mssql.ts';
import type { Source } from '../../backend/sources/source.ts';
import { startTdsServer, type TdsServer } from '../../backend/stand-ins/tds/sql-server.ts';
import { scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { describeSource } from './source-contract.ts';

let scratch: ScratchEngine;
let server: TdsServer;
let source: Source;

const numbered = Array.from({ length: 1_000 }, (_, at) => [at + 1, `city${(at + 1) % 3}`]);

function* numbersUntilFailure(): Generator<number[]> {
  for (let at = 0; at < 200_000; at += 1) yield [at];
}

beforeAll(async () => {
  [scratch, server] = await Promise.all([
    scratchEngine('Europe/Moscow'),
    startTdsServer({
      user: 'reader',
      password: 'pässword\u{1F600}',
      database: 'crm',
      tables: [{ name: 'numbered', columns: [{ name: 'id', type: 'int' }, { name: 'city', type: 'nvarchar(40)' }], rows: numbered }],
      answers: [
        { to: /endless/, answer: { columns: [{ name: 's', type: 'int' }], then: 'silence' }, times: 1_000 },
        { to: /late_failure/, answer: () => ({ columns: [{ name: 'n', type: 'int' }], rows: numbersUntilFailure(), then: { number: 8134, message: 'Divide by zero error encountered.' } }), times: 1_000 },
      ],
    }),
  ]);
  const settings = { server: '127.0.0.1', port: server.port, database: 'crm', user: 'reader', password: 'pässword\u{1F600}', encrypt: false };
  source = mssqlSource.open(mssqlSource.settings.parse(settings), { name: 'crm', workbench: scratch.workbench, timeZone: 'Europe/Moscow' });
});
afterAll(async () => {
  await source.close();
  await server.close();
  await scratch.close();
});

describeSource('SQL Server', () => ({ source, workbench: scratch.workbench, table: 'numbered', endlessSql: 'SELECT s FROM endless', lateFailureSql: 'SELECT n FROM late_failure' }));

describe('the SQL Server source', () => {
  test('is in the list of sources', () => {
    expect(sourceKinds.map(({ kind }) => kind)).toContain(mssqlSource.kind);
  });
});
