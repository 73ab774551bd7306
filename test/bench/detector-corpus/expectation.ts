import { corpusDays, type Bucket, type Grain } from './calendar.ts';
import type { Plan } from './plans.ts';
import type { Random } from './random.ts';

/** A level that wanders a little from day to day, without coming back. */
function wanderingLevel(plan: Plan, random: Random): number[] {
  let wandered = 0;
  return Array.from({ length: corpusDays }, (_, day) => {
    wandered += plan.wander * random.normal();
    return plan.daily * Math.exp(wandered + (plan.growth * (day - corpusDays / 2)) / corpusDays);
  });
}

/** What each bucket would hold by the plan alone; trials for conversions. */
export function expectedCounts(plan: Plan, buckets: Bucket[], grain: Grain, random: Random): Float64Array {
  const levels = wanderingLevel(plan, random);
  return Float64Array.from(buckets, ({ day, hour, weekday, dayOfMonth, holiday }) => {
    if (day < plan.bornDay) return 0;
    const dayFactor = (holiday ? plan.weekdays[6]! * plan.holiday : plan.weekdays[weekday]!) * (plan.monthly?.day === dayOfMonth ? plan.monthly.factor : 1);
    const hours = plan.hours[holiday || weekday > 4 ? 1 : 0]!;
    return levels[day]! * dayFactor * (grain === 'hour' ? hours[hour]! : 1);
  });
}

/** Successes a trial, a little different by hour and weekday. */
export function expectedRates(plan: Plan, buckets: Bucket[], grain: Grain, random: Random): Float64Array {
  const odds = plan.rate / (1 - plan.rate);
  const [phase, byHour, dayOff] = [random.between(0, 24), random.between(0, 0.12), 0.06 * random.normal()];
  const drift = random.between(-0.1, 0.1);
  return Float64Array.from(buckets, ({ day, hour, weekday, holiday }) => {
    const wave = grain === 'hour' ? byHour * Math.cos((2 * Math.PI * (hour - phase)) / 24) : 0;
    const here = odds * Math.exp(wave + (holiday || weekday > 4 ? dayOff : 0) + (drift * day) / corpusDays);
    return here / (1 + here);
  });
}
