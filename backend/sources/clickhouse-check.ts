import { Problem } from '../../shared/problem.ts';
import { silent } from './clickhouse-problem.ts';
import type { ClickHouseServer } from './clickhouse-server.ts';
import type { SourceState } from './source.ts';

type Advice = NonNullable<SourceState['advice']>[number];

const checkSeconds = 10;
const skewMs = 30_000;
/** From here on a server frames an error in mid-stream so that it can't be taken for data. */
const framedErrors = [25, 11];
/** The settings that every query sends are known from here on. */
const knownSettings = [23, 6];
/** Rights that reading never needs. Reading of files, addresses and other servers from inside a query is among them. */
const tooMuch = /\b(ALL|INSERT|ALTER|CREATE|DROP|TRUNCATE|OPTIMIZE|SYSTEM|BACKUP|SOURCES|READ|WRITE|FILE|URL|REMOTE|S3|HDFS|AZURE|MYSQL|POSTGRES|ODBC|JDBC|MONGO|ACCESS MANAGEMENT|ROLE ADMIN)\b/g;

/** Version, latency, and what should be mended though it works. */
export async function checkServer(name: string, server: ClickHouseServer, { signal, queryId }: { signal: AbortSignal; queryId: string }): Promise<SourceState> {
  const stop = { signal, timeSeconds: checkSeconds - 1 };
  const ask = async (sql: string, step: number): Promise<unknown[][]> => server.rows({ sql, queryId: `${queryId}-${step}`, settings: { session_timezone: 'UTC' } }, stop);
  try {
    const started = performance.now();
    const asked = Date.now();
    const [row = []] = await ask("SELECT version(), toUnixTimestamp64Milli(now64(3)), getSetting('readonly')", 1);
    const latencyMs = Math.round(performance.now() - started);
    const version = String(row[0]);
    const grants = (await ask('SHOW GRANTS', 2)).map(([grant]) => String(grant));
    const skew = Number(row[1]) - (asked + latencyMs / 2);
    const mayWrite = Number(row[2]) === 0;
    const advice = [...oldVersion(version), ...clock(skew), ...(mayWrite ? rights(grants) : []), ...(server.accepted.isClosed ? [closed] : [])];
    return { version, latencyMs, ...(advice.length > 0 ? { advice } : {}) };
  } catch (error) {
    throw error instanceof Problem && error.code === 'time_limit' ? silent(name, checkSeconds) : error;
  }
}

function isBelow(version: string, [major = 0, minor = 0]: number[]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function oldVersion(version: string): Advice[] {
  if (isBelow(version, knownSettings)) return [{ ru: `Версия ${version} очень старая: время без пояса читается в поясе сервера. Обновите ClickHouse.`, en: `Version ${version} is very old: times without a zone are read in the server's own. Update ClickHouse.` }];
  if (isBelow(version, framedErrors)) return [{ ru: `Версия ${version} сообщает об ошибке посреди ответа простым текстом. Она распознаётся, но с 25.11 надёжнее.`, en: `Version ${version} reports an error in mid-answer as plain text. That is recognised, but 25.11 and later are surer.` }];
  return [];
}

function clock(skew: number): Advice[] {
  if (Math.abs(skew) < skewMs) return [];
  const seconds = Math.round(Math.abs(skew) / 1000);
  return [{ ru: `Часы сервера ${skew > 0 ? 'спешат' : 'отстают'} на ${seconds} с. Настройте время: от него зависит «сегодня» в запросах.`, en: `The server's clock is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}. Set it: queries take “today” from it.` }];
}

function rights(grants: string[]): Advice[] {
  const found = new Set(grants.flatMap((grant) => [...grant.replace(/\bON\b[\s\S]*$/, '').matchAll(tooMuch)].map(([right]) => right)));
  if (found.size === 0) return [];
  const names = [...found].slice(0, 6).join(', ') + (found.size > 6 ? ', …' : '');
  return [{ ru: `У пользователя лишние права: ${names}. Для чтения довольно SELECT; задайте ещё readonly = 2.`, en: `The user has rights that reading does not need: ${names}. SELECT is enough; set readonly = 2 as well.` }];
}

const closed: Advice = {
  ru: 'Пользователь не может задавать настройки (readonly = 1): пределы времени и памяти задачи и часовой пояс до сервера не доходят. Поставьте readonly = 2.',
  en: 'The user may set no settings (readonly = 1): a task’s limits of time and memory and the time zone do not reach the server. Set readonly = 2.',
};
