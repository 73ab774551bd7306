import { sampleBrands } from './brands.ts';
import { hourStart } from './calendar.ts';
import { planted } from './planted-facts.ts';
import { platformOf } from './users.ts';
import { dayFromToday, eventDays, hashed, loadedAt, sampleZone, share, weighted, type SamplePlan, type SampleStatement } from './plan.ts';

/** What people do after they open the app, and how often. */
const actions = [
  ["'card_view'", 400],
  ["'card_scan'", 250],
  ["'offer_view'", 130],
  ["'search'", 70],
  ["'card_add_started'", 55],
  ["'card_added'", 42],
  ["'offer_click'", 40],
  ["'settings_open'", 20],
  ["'barcode_error'", 6],
  ["'support_open'", 4],
] as const;

const chunks = 13;
const eventsPerVisit = 5;

/** Events in chunks of days, so that progress shows and memory stays flat. */
export function eventStatements(plan: SamplePlan): SampleStatement[] {
  const size = eventDays / chunks;
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${plan.database}.events (
        event_time DateTime('${sampleZone}'), event_on Date, event_name LowCardinality(String), user_id UInt32,
        platform LowCardinality(Nullable(String)), partner_id Nullable(UInt16), app_version LowCardinality(String), loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree PARTITION BY toYYYYMM(event_on) ORDER BY (event_on, event_name, user_id, event_time)`,
    },
    ...Array.from({ length: chunks }, (_, chunk) => ({
      cost: 5,
      sql: chunkOfEvents(plan, -eventDays + chunk * size, -eventDays + (chunk + 1) * size),
    })),
  ];
}

/** Visits of five events: the first opens the app, the others follow by weight. Of three people the most active one comes. */
function chunkOfEvents(plan: SamplePlan, from: number, until: number): string {
  const candidate = (place: number) => `toUInt32(1 + ${hashed(`candidate ${place}`, 'visit')} % people)`;
  const activity = (user: string) => `intHash64(${user})`;
  return `INSERT INTO ${plan.database}.events
    SELECT ${hourStart} + toIntervalSecond(least(3599, ${hashed('second', 'visit')} % 3500 + place * 17)) AS event_time,
      day AS event_on, name AS event_name, user_id, ${platformOf('user_id')} AS platform,
      if(name IN ('card_view', 'card_scan', 'barcode_error', 'offer_view', 'offer_click', 'card_added'),
         toNullable([${partnersByWeight().join(', ')}][1 + ${hashed('partner', 'row')} % 400]), NULL) AS partner_id,
      concat('8.', toString(intDiv(dateDiff('day', ${dayFromToday(plan, -eventDays)}, day), 21))) AS app_version,
      ${loadedAt('day')} AS loaded_at
    FROM (
      SELECT day, hour, row, visit, place,
        ${candidate(1)} AS one, ${candidate(2)} AS two, ${candidate(3)} AS three,
        if(${activity('one')} > ${activity('two')}, one, two) AS busier,
        if(${activity('busier')} > ${activity('three')}, busier, three) AS user_id,
        if(place = 0, 'app_open', ${weighted('action', actions)}) AS usual,
        multiIf(usual = 'card_scan' AND ${within(plan, planted.barcodeErrors)} AND ${share('error', 'row')} < 0.3, 'barcode_error',
                usual = 'offer_click' AND ${within(plan, planted.lostClicks)}, 'offer_view', usual) AS name
      FROM (
        SELECT day, hour, people, earlier + k AS row, intDiv(row, ${eventsPerVisit}) AS visit, row % ${eventsPerVisit} AS place, ${share('action', 'row')} AS action
        FROM ${plan.database}.event_hours ARRAY JOIN range(events) AS k
        WHERE day >= ${dayFromToday(plan, from)} AND day < ${dayFromToday(plan, until)}
      )
    )`;
}

function within(plan: SamplePlan, { daysAgo, fromHour, untilHour }: { daysAgo: number; fromHour: number; untilHour: number }): string {
  return `(day = ${dayFromToday(plan, -daysAgo)} AND hour >= ${fromHour} AND hour < ${untilHour})`;
}

/** Four hundred numbers of brands, each as often as its cards; brands with few cards once. */
function partnersByWeight(): number[] {
  const numbers = sampleBrands.flatMap(({ hundreds }, index) => Array.from({ length: Math.ceil(hundreds / 11) }, () => index + 1));
  return Array.from({ length: 400 }, (_, place) => numbers[Math.floor((place * numbers.length) / 400)] ?? 1);
}
