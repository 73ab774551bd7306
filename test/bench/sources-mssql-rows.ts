import type { WireColumn, WireValue } from '../../backend/stand-ins/tds/types.ts';

/** What both sides read. */
export const profileColumns: WireColumn[] = [
  { name: 'user_id', type: 'varchar(40)', nullable: false },
  { name: 'age', type: 'int' },
  { name: 'balance', type: 'decimal(18, 2)' },
  { name: 'registered', type: 'datetime2(0)' },
  { name: 'city', type: 'nvarchar(60)' },
];

const cities = ['Москва', 'Казань', 'Тверь', 'Пермь', 'Омск'];
const zero = Date.UTC(2020, 0, 1);

export function* profiles(rows: number): Generator<WireValue[]> {
  for (let at = 0; at < rows; at += 1) {
    const registered = new Date(zero + at * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    yield [`user-${at}`, at % 7 === 0 ? null : at % 90, `${at}.05`, registered, cities[at % 5] ?? null];
  }
}

/** The same rows as ClickHouse makes them, for a checksum. */
export const profilesSql = (rows: number): string =>
  `SELECT 'user-' || toString(number) AS user_id, if(number % 7 = 0, NULL, toInt32(number % 90)) AS age, toDecimal64(number, 2) + toDecimal64('0.05', 2) AS balance,
    toDateTime64('2020-01-01 00:00:00', 0, 'UTC') + number AS registered, ['Москва', 'Казань', 'Тверь', 'Пермь', 'Омск'][number % 5 + 1] AS city FROM numbers(${rows})`;

/** Id of the step table. */
export const tableId = 'bench_mssql';
