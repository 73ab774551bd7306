import { planted } from './planted-facts.ts';
import { dayFromToday, eventDays, registrationDays, sampleZone, share, type SamplePlan, type SampleStatement } from './plan.ts';

/** Relative activity by local hour. */
const workday = [2, 1, 1, 1, 1, 2, 5, 9, 13, 15, 16, 18, 24, 23, 19, 18, 20, 26, 33, 34, 28, 20, 12, 6];
const dayOff = [4, 2, 1, 1, 1, 1, 3, 5, 9, 15, 22, 28, 31, 32, 31, 29, 28, 27, 26, 24, 20, 15, 10, 6];
/** Relative activity by day of the week, Monday first. */
const weekdays = [0.92, 0.94, 0.96, 1, 1.14, 1.2, 1.02];

/** Russian public holidays (month × 100 + day) and the days of shopping before them. */
const holidays = [101, 102, 103, 104, 105, 106, 107, 108, 223, 308, 501, 509, 612, 1104];
const eves = [1229, 1230, 1231, 222, 307, 430];

/**
 * How many events each hour has: by hour, weekday and holiday, with slow growth and a little noise. Counts are
 * differences of a rounded running sum, so that together they are exactly the plan's number.
 */
export function hourStatements(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const outage = `day = ${dayFromToday(plan, -planted.outage.daysAgo)} AND hour = ${planted.outage.hour}`;
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.event_hours (day Date, hour UInt8, events UInt64, earlier UInt64, people UInt64) ENGINE = MergeTree ORDER BY (day, hour)`,
    },
    {
      cost: 0.2,
      sql: `INSERT INTO ${database}.event_hours
        SELECT day, hour,
          toUInt64(round(running / total * ${plan.events})) - toUInt64(round((running - weight) / total * ${plan.events})) AS events,
          toUInt64(round((running - weight) / total * ${plan.events})) AS earlier,
          toUInt64(floor(${plan.users} * pow(dateDiff('day', ${dayFromToday(plan, -registrationDays)}, day) / ${registrationDays}, 2))) AS people
        FROM (
          SELECT day, hour, weight,
            sum(weight) OVER (ORDER BY day, hour ROWS UNBOUNDED PRECEDING) AS running,
            sum(weight) OVER () AS total
          FROM (
            SELECT ${dayFromToday(plan, -eventDays)} + toUInt32(intDiv(number, 24)) AS day, toUInt8(number % 24) AS hour,
              toMonth(day) * 100 + toDayOfMonth(day) AS date,
              has([${holidays.join(', ')}], date) AS holiday, has([${eves.join(', ')}], date) AS eve,
              toUInt64(round(1000 * if(${outage}, 0,
                if(holiday OR toDayOfWeek(day) > 5, [${dayOff.join(', ')}], [${workday.join(', ')}])[hour + 1]
                * [${weekdays.join(', ')}][toDayOfWeek(day)] * multiIf(holiday, 0.85, eve, 1.3, 1)
                * (0.85 + 0.3 * number / ${eventDays * 24}) * (0.96 + 0.08 * ${share('hour noise', 'number')})))) AS weight
            FROM numbers(${eventDays * 24})
          )
        )`,
    },
  ];
}

/** SQL of the local instant at which an hour of `event_hours` begins. */
export const hourStart = `toDateTime(day, '${sampleZone}') + toIntervalHour(hour)`;
