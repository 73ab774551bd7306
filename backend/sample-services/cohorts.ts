import { startAmplitudeStandIn, type AmplitudeStandIn } from '../stand-ins/amplitude/stand-in.ts';
import type { StandInCohort } from '../stand-ins/amplitude/stand-in-data.ts';
import type { CompanyRows } from './company-rows.ts';

const keys = { key: 'sample-key', secret: 'sample-secret' };
const daySeconds = 86_400;
/** When Amplitude computed them: the night before. */
const computedAgoSeconds = 9 * 3_600;

interface SampleCohort {
  id: string;
  name: string;
  /** Users, by the tables of the company; one in forty has no user id, as people have who never signed in. */
  sql: string;
}

const recent = (days: number): string => `SELECT max(event_on) - ${days} FROM events`;

const cohorts: SampleCohort[] = [
  { id: '26umsb5', name: 'Смотрели предложения за 14 дней', sql: `SELECT DISTINCT user_id FROM events WHERE event_name = 'offer_view' AND event_on > (${recent(14)})` },
  { id: '5mjbq8w', name: 'Не открывали приложение 30 дней', sql: `SELECT user_id FROM users WHERE user_id NOT IN (SELECT user_id FROM events WHERE event_on > (${recent(30)}))` },
  { id: '1a2bc3d', name: 'Добавили карту Ленты', sql: 'SELECT DISTINCT user_id FROM cards WHERE partner_id = 12 AND NOT deleted' },
];

/** The sample company's Amplitude: three published cohorts, the events of the app. */
export async function startSampleAmplitude(rows: CompanyRows, now: () => Date): Promise<{ server: AmplitudeStandIn; settings: Record<string, unknown> }> {
  const asCohort = async ({ id, name, sql }: SampleCohort): Promise<StandInCohort> => {
    const [row] = await rows(`SELECT count() FROM (${sql})`);
    return {
      id,
      name,
      size: Number(row?.[0] ?? 0),
      lastComputed: Math.floor(now().getTime() / 1000 / daySeconds) * daySeconds - computedAgoSeconds,
      published: true,
      finished: true,
      users: () => usersOf(rows, sql),
    };
  };
  const server = await startAmplitudeStandIn({
    ...keys,
    jobMs: 1_200,
    data: {
      cohorts: () => Promise.all(cohorts.map(asCohort)),
      events: async () => (await rows('SELECT event_name, count() FROM events GROUP BY event_name ORDER BY event_name')).map(([value, totals]) => ({ value: String(value), totals: Number(totals) })),
      totals: async (event, { first, last }) => {
        if (!/^[a-z_]+$/.test(event)) return null;
        const found = await rows(`SELECT toString(event_on), count() FROM events WHERE event_name = '${event}' AND event_on BETWEEN toDate('${day(first)}') AND toDate('${day(last)}') GROUP BY event_on`);
        return Object.fromEntries(found.map(([on, count]) => [String(on), Number(count)]));
      },
    },
  });
  return { server, settings: { region: 'eu', ...keys, url: server.url } };
}

function day(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : '1970-01-01';
}

async function* usersOf(rows: CompanyRows, sql: string) {
  for (const [user] of await rows(`SELECT user_id FROM (${sql}) ORDER BY sipHash64(user_id)`)) {
    const id = Number(user);
    yield { amplitudeId: String(900_000_000_000 + id), userId: id % 40 === 0 ? '' : String(id) };
  }
}
