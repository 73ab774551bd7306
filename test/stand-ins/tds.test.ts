import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import mssql from 'mssql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packets, packetType } from '../../backend/stand-ins/tds/messages.ts';
import { startTdsServer, type TdsServer } from '../../backend/stand-ins/tds/sql-server.ts';

const login = { user: 'reader', password: 'p&ssw0rd', database: 'crm' };
let server: TdsServer;
let pool: mssql.ConnectionPool;

beforeAll(async () => {
  server = await startTdsServer({
    ...login,
    tables: [{ name: 'profiles', columns: [{ name: 'user_id', type: 'varchar(20)', nullable: false }, { name: 'age', type: 'int' }], rows: [['u1', 30], ['u2', null], ['u3', 41]] }],
  });
  pool = await new mssql.ConnectionPool({ server: '127.0.0.1', port: server.port, ...login, options: { encrypt: false } }).connect();
});
afterAll(async () => {
  await pool.close();
  await server.close();
});

/** Sends bytes and waits until the server has ended the connection. */
async function refused(bytes: (socket: Socket) => void): Promise<string | undefined> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  bytes(socket);
  await once(socket, 'close');
  return server.received.filter(({ kind }) => kind === 'fault').at(-1)?.text;
}

test("the driver's own client reads tables, with TOP, brackets and parameters", async () => {
  const request = pool.request().input('least', mssql.Int, 18);
  const { recordset } = await request.query('SELECT TOP (1) [user_id], ISNULL(age, 0) AS age FROM profiles WHERE age >= @least ORDER BY age DESC');
  expect(recordset).toEqual([{ user_id: 'u3', age: 41 }]);
});

test('temporary tables belong to their session', async () => {
  const own = new mssql.ConnectionPool({ server: '127.0.0.1', port: server.port, ...login, pool: { max: 1 }, options: { encrypt: false } });
  await own.connect();
  await own.request().batch('CREATE TABLE #ids (id int)');
  expect((await own.request().query('SELECT id FROM #ids')).recordset).toEqual([]);
  await expect(pool.request().query('SELECT id FROM #ids')).rejects.toMatchObject({ number: 208 });
  await own.close();
});

test.each([
  ['SELECT nobody FROM profiles', 207],
  ['SELECT 1 FROM nowhere', 208],
  ['SELECT user_id FROM profiles WHERE user_id = 5', 245],
  ['SELECT 1/0 AS x', 8134],
  ['SELECT FROM WHERE', 102],
  ['SELECT @missing AS x', 137],
])('answers %s with error %d', async (sql, number) => {
  await expect(pool.request().query(sql)).rejects.toMatchObject({ number });
});

test('a wrong password is refused with the number of SQL Server', async () => {
  const wrong = new mssql.ConnectionPool({ server: '127.0.0.1', port: server.port, ...login, password: 'P&ssw0rd', options: { encrypt: false } });
  await expect(wrong.connect()).rejects.toMatchObject({ code: 'ELOGIN' });
});

test('a request before the login ends the connection', async () => {
  expect(await refused((socket) => socket.write(packets(Buffer.alloc(30), 4_096, true, packetType.batch)))).toContain('before the login');
});

test('a login that is not TDS 7.4 ends the connection', async () => {
  const body = Buffer.alloc(94);
  body.writeUInt32LE(94, 0);
  body.writeUInt32LE(0x72090002, 4);
  expect(await refused((socket) => socket.write(packets(body, 4_096, true, packetType.login)))).toContain('TDS 7.4');
});

test('a packet larger than agreed ends the connection', async () => {
  const head = Buffer.from([packetType.prelogin, 1, 0x40, 0x00, 0, 0, 1, 0]);
  expect(await refused((socket) => socket.write(head))).toContain('at most 4096');
});

test('a message that is cut short ends the connection', async () => {
  expect(await refused((socket) => socket.write(packets(Buffer.from([0x01, 0x00]), 4_096, true, packetType.prelogin)))).toBeDefined();
});
