import { startTdsServer, type TdsServer } from '../stand-ins/tds/sql-server.ts';
import type { CompanyRows } from './company-rows.ts';

const login = { user: 'reader', password: 'sample', database: 'crm' };

/** The sample company's CRM: a SQL Server of our own on this machine, with one table of profiles. */
export async function startSampleCrm(rows: CompanyRows): Promise<{ server: TdsServer; settings: Record<string, unknown> }> {
  const server = await startTdsServer({
    ...login,
    tables: async () => [
      {
        name: 'profiles',
        columns: [
          { name: 'user_id', type: 'int', nullable: false },
          { name: 'sex', type: 'nvarchar(1)' },
          { name: 'age', type: 'int' },
          { name: 'city', type: 'nvarchar(60)' },
          { name: 'email', type: 'nvarchar(120)' },
        ],
        rows: await rows(
          "SELECT user_id, sex, toYear(registered_on) - birth_year + dateDiff('year', registered_on, today()) AS age, city, if(user_id % 7 = 0, NULL, concat('user', toString(user_id), '@mail.example')) AS email FROM users ORDER BY user_id",
        ),
      },
    ],
  });
  return { server, settings: { server: '127.0.0.1', port: server.port, encrypt: false, ...login } };
}
