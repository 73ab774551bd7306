import { dayFromToday, hashed, instant, literal, loadedAt, sampleZone, share, wakingSecond, type SamplePlan, type SampleStatement } from './plan.ts';

/** How often something happens after entry: in control, in the other group. */
interface Effect {
  action: 'lesson_done' | 'offer_opened' | 'failure';
  /** Independent chances of it a user; 1 makes a share. */
  chances: number;
  /** Mean per user. */
  control: number;
  treatment: number;
}

interface PlantedTest {
  name: string;
  variant: string;
  /** Part of the users who had registered before the half year. */
  users: number;
  /** First day of entries, and on how many days people entered. */
  daysAgo: number;
  days: number;
  effects: Effect[];
  /** Part of the other group that is missing from the log. */
  lost?: number;
}

/** A/B tests whose answers are known; the page for people is docs/sample-company.md. */
export const plantedTests: readonly PlantedTest[] = [
  { name: 'onboarding-hints', variant: 'hints', users: 0.6, daysAgo: 63, days: 28, effects: [{ action: 'lesson_done', chances: 1, control: 0.2, treatment: 0.24 }] },
  { name: 'new-offer-icon', variant: 'icon', users: 0.6, daysAgo: 70, days: 28, effects: [{ action: 'offer_opened', chances: 8, control: 4, treatment: 4 }] },
  { name: 'search-tips', variant: 'tips', users: 0.045, daysAgo: 56, days: 14, effects: [{ action: 'lesson_done', chances: 1, control: 0.1, treatment: 0.104 }] },
  { name: 'quick-till', variant: 'quick', users: 0.3, daysAgo: 49, days: 21, effects: [{ action: 'offer_opened', chances: 8, control: 4, treatment: 4.24 }, { action: 'failure', chances: 4, control: 0.1, treatment: 0.16 }] },
  { name: 'push-evening', variant: 'evening', users: 0.3, daysAgo: 42, days: 21, lost: 0.12, effects: [{ action: 'offer_opened', chances: 8, control: 4, treatment: 4.4 }] },
  { name: 'dark-theme', variant: 'dark', users: 0.2, daysAgo: 12, days: 12, effects: [{ action: 'offer_opened', chances: 8, control: 4, treatment: 4.04 }] },
];

/** Who was in which test, and what they did there. */
export function experimentStatements(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.experiment_log (
        experiment LowCardinality(String), user_id UInt32, variant LowCardinality(String), entered_at DateTime('${sampleZone}'), entered_on Date, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (experiment, user_id)`,
    },
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.feature_actions (
        action LowCardinality(String), user_id UInt32, acted_at DateTime('${sampleZone}'), acted_on Date, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (action, acted_on, user_id)`,
    },
    ...plantedTests.map((test) => ({ cost: 0.3, sql: `INSERT INTO ${database}.experiment_log ${entriesSql(plan, test)}` })),
    ...plantedTests.flatMap((test) => test.effects.map((effect) => ({ cost: 0.4, sql: `INSERT INTO ${database}.feature_actions ${actionsSql(plan, test, effect)}` }))),
  ];
}

/** Users go into a test by pairs, one to each side, so that the split is exact at every size. */
function entriesSql(plan: SamplePlan, { name, variant, users, daysAgo, days, lost = 0 }: PlantedTest): string {
  const salted = (of: string): string => `${name} ${of}`;
  return `SELECT ${literal(name)} AS experiment, user_id, if(is_treated, ${literal(variant)}, 'control') AS variant, ${instant('entered_on', wakingSecond(share(salted('second'), 'user_id')))} AS entered_at, entered_on,
      ${loadedAt('entered_on')} AS loaded_at
    FROM (
      SELECT toUInt32(number + 1) AS user_id, intDiv(number, 2) AS pair, (number + ${hashed(salted('side'), 'pair')}) % 2 = 1 AS is_treated,
        ${dayFromToday(plan, `-${daysAgo} + toInt32(${hashed(salted('day'), 'user_id')} % ${days})`)} AS entered_on
      FROM numbers(${2 * Math.floor((plan.users * 0.69) / 2)})
      WHERE ${share(salted('in'), 'pair')} < ${users} AND NOT (is_treated AND ${share(salted('lost'), 'user_id')} < ${lost})
    )`;
}

/** Within ten days after entry, and never after the data ends. */
function actionsSql(plan: SamplePlan, { name, variant }: PlantedTest, { action, chances, control, treatment }: Effect): string {
  const salt = `${name} ${action}`;
  return `SELECT ${literal(action)} AS action, user_id, acted_at, toDate(acted_at) AS acted_on, ${loadedAt('acted_on')} AS loaded_at
    FROM (
      SELECT user_id, entered_at + toIntervalSecond(60 + ${hashed(`${salt} wait`, 'user_id', 'chance')} % 864000) AS acted_at
      FROM ${plan.database}.experiment_log ARRAY JOIN range(${chances}) AS chance
      WHERE experiment = ${literal(name)} AND ${share(salt, 'user_id', 'chance')} < if(variant = ${literal(variant)}, ${treatment / chances}, ${control / chances})
    )
    WHERE acted_at < ${instant(dayFromToday(plan, 0), '0')}`;
}
