import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { StateOptions } from '../../backend/state/open-state.ts';

/** An empty PostgreSQL for one test file, and how to remove it. */
export interface FreshPostgres {
  name: string;
  make(): Promise<{ options: StateOptions; remove(): Promise<void> }>;
}

const embedded: FreshPostgres = {
  name: 'embedded PostgreSQL',
  async make() {
    const directory = await mkdtemp(join(tmpdir(), 'tasksheet-state-'));
    return { options: { directory }, remove: () => rm(directory, { recursive: true, force: true }) };
  },
};

function served(serverUrl: string): FreshPostgres {
  return {
    name: 'PostgreSQL server',
    async make() {
      const database = `tasksheet_test_${randomBytes(6).toString('hex')}`;
      await onServer(serverUrl, `CREATE DATABASE ${database}`);
      const url = new URL(serverUrl);
      url.pathname = `/${database}`;
      return { options: { url: url.href }, remove: () => onServer(serverUrl, `DROP DATABASE ${database} WITH (FORCE)`) };
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const serverUrl = process.env['TASKSHEET_TEST_POSTGRES'];

/** The engines that this machine has: always the embedded one, and a server when TASKSHEET_TEST_POSTGRES names one. */
export const engines: FreshPostgres[] = serverUrl ? [embedded, served(serverUrl)] : [embedded];
