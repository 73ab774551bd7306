import { firstDay, hashed, instant, loadedAt, dayFromToday, registeredAfter, share, wakingSecond, weighted, sampleZone, type SamplePlan, type SampleStatement } from './plan.ts';

const cities: readonly (readonly [string, number])[] = [
  ["'Москва'", 24],
  ["'Санкт-Петербург'", 13],
  ["'Новосибирск'", 6],
  ["'Екатеринбург'", 6],
  ["'Казань'", 5],
  ["'Нижний Новгород'", 5],
  ["'Красноярск'", 4],
  ["'Челябинск'", 4],
  ["'Самара'", 4],
  ["'Уфа'", 4],
  ["'Ростов-на-Дону'", 4],
  ["'Краснодар'", 4],
  ["'Омск'", 3],
  ["'Воронеж'", 3],
  ["'Пермь'", 3],
  ['NULL', 8],
];

const devices: Record<'android' | 'ios', readonly (readonly [string, number])[]> = {
  android: [["'Xiaomi Redmi Note 12'", 5], ["'Samsung Galaxy A54'", 5], ["'HONOR X8b'", 3], ["'realme C67'", 3], ["'TECNO Spark 20'", 2], ['NULL', 1]],
  ios: [["'iPhone 11'", 4], ["'iPhone 13'", 6], ["'iPhone 14'", 4], ["'iPhone 15 Pro'", 3], ["'iPhone SE'", 1]],
};

/** SQL of a user's city, NULL where it is unknown. */
export function cityOf(user: string): string {
  return weighted(share('city', user), cities);
}

/** SQL of a user's platform, NULL where it is unknown. */
export function platformOf(user: string): string {
  return weighted(share('platform', user), [["'android'", 62], ["'ios'", 33], ['NULL', 5]]);
}

/** The people: numbered in the order in which they registered, more of them each year. */
export function userStatements(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const after = registeredAfter(plan, 'user_id');
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.users (
        user_id UInt32, sex LowCardinality(Nullable(String)), birth_year Nullable(UInt16), city LowCardinality(Nullable(String)),
        platform LowCardinality(Nullable(String)), device LowCardinality(Nullable(String)),
        registered_at DateTime('${sampleZone}'), registered_on Date, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY user_id`,
    },
    {
      cost: 1,
      sql: `INSERT INTO ${database}.users
        SELECT user_id,
          ${weighted(share('sex', 'user_id'), [["'f'", 52], ["'m'", 38], ['NULL', 10]])} AS sex,
          if(${share('birth', 'user_id')} < 0.15, NULL, toUInt16(toYear(toDate('${plan.today}')) - 14 - toUInt16(60 * pow(${share('age', 'user_id')}, 1.4)))) AS birth_year,
          ${cityOf('user_id')} AS city,
          ${platformOf('user_id')} AS platform,
          multiIf(platform = 'ios', ${weighted(share('device', 'user_id'), devices.ios)},
                  platform = 'android', ${weighted(share('device', 'user_id'), devices.android)}, NULL) AS device,
          ${instant('registered_on', wakingSecond('after - floor(after)'))} AS registered_at,
          registered_on,
          ${loadedAt(dayFromToday(plan, -1))} AS loaded_at
        FROM (
          SELECT toUInt32(number + 1) AS user_id, ${after} AS after, ${firstDay(plan)} + toUInt32(floor(after)) AS registered_on
          FROM numbers(${plan.users})
        )`,
    },
    ...unsubscribes(plan),
    ...supportContacts(plan),
  ];
}

function unsubscribes(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const count = Math.round(6000 * plan.scale);
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.unsubscribes (
        user_id UInt32, channel LowCardinality(String), unsubscribed_at DateTime('${sampleZone}'), unsubscribed_on Date, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (unsubscribed_on, user_id)`,
    },
    {
      cost: 0.2,
      sql: `INSERT INTO ${database}.unsubscribes
        SELECT ${aUser(plan, 'unsubscribed')} AS user_id,
          ${weighted(share('channel', 'number'), [["'push'", 70], ["'email'", 30]])} AS channel,
          ${instant('unsubscribed_on', wakingSecond(share('second', 'number')))} AS unsubscribed_at,
          unsubscribed_on, ${loadedAt('unsubscribed_on')} AS loaded_at
        FROM (SELECT number, ${aDay(plan, 'unsubscribed on')} AS unsubscribed_on FROM numbers(${count}))`,
    },
  ];
}

function supportContacts(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const count = Math.round(9000 * plan.scale);
  const topics = [["'Карта не считывается на кассе'", 30], ["'Не приходят баллы'", 25], ["'Как добавить карту'", 20], ["'Удалить аккаунт'", 8], ["'Приложение не открывается'", 10], ["'Другое'", 7]] as const;
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.support_contacts (
        contact_id UInt32, user_id UInt32, channel LowCardinality(String), topic LowCardinality(String), resolved Bool,
        contacted_at DateTime('${sampleZone}'), contacted_on Date, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (contacted_on, contact_id)`,
    },
    {
      cost: 0.2,
      sql: `INSERT INTO ${database}.support_contacts
        SELECT toUInt32(number + 1) AS contact_id, ${aUser(plan, 'contact')} AS user_id,
          ${weighted(share('contact channel', 'number'), [["'chat'", 65], ["'email'", 25], ["'phone'", 10]])} AS channel,
          ${weighted(share('topic', 'number'), topics)} AS topic,
          ${share('resolved', 'number')} < 0.87 AS resolved,
          ${instant('contacted_on', wakingSecond(share('contact second', 'number')))} AS contacted_at,
          contacted_on, ${loadedAt('contacted_on')} AS loaded_at
        FROM (SELECT number, ${aDay(plan, 'contacted on')} AS contacted_on FROM numbers(${count}))`,
    },
  ];
}

/** One of those who registered before the half year began, so that nobody acts before they came. */
function aUser(plan: SamplePlan, salt: string): string {
  return `toUInt32(1 + ${hashed(salt, 'number')} % ${Math.floor(plan.users * 0.69)})`;
}

function aDay(plan: SamplePlan, salt: string): string {
  return dayFromToday(plan, `-1 - toInt32(${hashed(salt, 'number')} % 182)`);
}
