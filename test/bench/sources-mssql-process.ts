import mssql from 'mssql';
import { mssqlSource } from '../../backend/sources/mssql.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { EngineEndpoint } from '../../backend/workbench/engine-client.ts';
import { answerQuestions } from './helper-process.ts';
import { tableId } from './sources-mssql-rows.ts';

// What reads a million rows from SQL Server, in a process of its own: the source, or the bare driver.
export interface MssqlQuestion {
  as: 'source' | 'driver';
  rows: number;
}
export interface MssqlAnswer {
  milliseconds: number;
  cpuMilliseconds: number;
  rows: number;
  processId: number;
}

const sql = 'SELECT user_id, age, balance, registered, city FROM profiles';

interface Given {
  engine: EngineEndpoint;
  port: number;
  transferDirectory: string;
  packetBytes: number;
}

async function measured(work: () => Promise<number>): Promise<MssqlAnswer> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const rows = await work();
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds, cpuMilliseconds: (user + system) / 1_000, rows, processId: process.pid };
}

function serve({ engine, port, transferDirectory, packetBytes }: Given): void {
  const login = { server: '127.0.0.1', port, database: 'crm', user: 'reader', password: 'bench' };
  const opened = openWorkbench({ endpoint: () => Promise.resolve(engine), embedded: true, transferDirectory, timeZone: 'UTC' }).then((workbench) => ({
    workbench,
    source: mssqlSource.open(mssqlSource.settings.parse({ ...login, encrypt: false }), { name: 'crm', workbench, timeZone: 'UTC' }),
  }));
  const pool = new mssql.ConnectionPool({ ...login, requestTimeout: 0, options: { encrypt: false, packetSize: packetBytes } }).connect();

  const throughSource = async (rows: number): Promise<number> => {
    const { source } = await opened;
    const context = { queryId: 'bench-mssql', limits: { timeSeconds: 600, rows: rows + 1, memoryBytes: 8_000_000_000 }, signal: new AbortController().signal };
    return (await source.run({ name: 'bench', sql, parameters: {}, steps: {} }, tableId, context)).rows;
  };
  const throughDriver = async (): Promise<number> => {
    const request = new mssql.Request(await pool);
    request.stream = true;
    request.arrayRowMode = true;
    let rows = 0;
    request.on('row', () => (rows += 1));
    await request.query(sql);
    return rows;
  };
  answerQuestions(async ({ as, rows }: MssqlQuestion): Promise<MssqlAnswer> => {
    await (await opened).workbench.drop([tableId]);
    return measured(() => (rows === 0 ? Promise.resolve(0) : as === 'source' ? throughSource(rows) : throughDriver()));
  });
}

serve(JSON.parse(process.argv[2] ?? '') as Given);
