import { corpusDays, type Bucket, type Grain } from './calendar.ts';
import { bucketsPerDay, learningDays, type Anomaly, type AnomalyKind, type Role, type Series } from './corpus.ts';
import { extraVariance } from './noise.ts';
import { makeRandom, type Random } from './random.ts';

interface Habit {
  role: Role;
  count: Record<Grain, number>;
  factor(random: Random, grain: Grain): number;
  /** In buckets; Infinity is for good. */
  duration(random: Random, grain: Grain): number;
  /** Buckets until it has its full strength. */
  ramp?(random: Random, perDay: number): number;
}

const either = (random: Random, low: [number, number], high: [number, number]): number => random.between(...(random.chance(0.5) ? low : high));
const lasting = (hours: [number, number], days: [number, number]) => (random: Random, grain: Grain) => Math.round(random.logBetween(...(grain === 'hour' ? hours : days)));
const forGood = () => Number.POSITIVE_INFINITY;

const habits: Record<AnomalyKind, Habit> = {
  vanished: {
    role: 'event',
    count: { hour: 20, day: 20 },
    factor: () => 0,
    duration: (random, grain) => (random.chance(0.6) ? forGood() : Math.round(random.between(2, 9) * bucketsPerDay[grain])),
  },
  drop: { role: 'event', count: { hour: 34, day: 28 }, factor: (random) => random.between(0, 0.35), duration: lasting([2, 16], [1, 3]) },
  'partial drop': { role: 'event', count: { hour: 30, day: 24 }, factor: (random) => random.between(0.42, 0.68), duration: lasting([6, 60], [2, 6]) },
  spike: { role: 'event', count: { hour: 32, day: 26 }, factor: (random) => random.logBetween(1.5, 8), duration: lasting([1, 10], [1, 3]) },
  'level shift': { role: 'event', count: { hour: 24, day: 22 }, factor: (random) => either(random, [0.45, 0.68], [1.45, 2.2]), duration: forGood },
  drift: { role: 'event', count: { hour: 16, day: 14 }, factor: (random) => either(random, [0.45, 0.62], [1.6, 2.2]), duration: forGood, ramp: (random, perDay) => Math.round(random.between(16, 32) * perDay) },
  'conversion drop': { role: 'conversion', count: { hour: 22, day: 18 }, factor: (random) => random.between(0.5, 0.82), duration: lasting([6, 72], [2, 7]) },
  'error burst': { role: 'error', count: { hour: 22, day: 18 }, factor: (random) => random.logBetween(1.7, 16), duration: lasting([2, 24], [1, 4]) },
};

/** Faint: this evidence or less. Under the least, nobody could tell it from chance. */
export const evidenceLimits = { least: 6.5, faint: 11, most: 45 };
const faintShare = 0.55;

/** Days within which an alert about something lasting is of use, and further days in which it is no longer held against anyone. */
const usefulDays = 10;
const settlingDays = 21;
/** Evidence about something lasting is what its first days show. */
const telling: Record<Grain, number> = { hour: 48, day: 5 };

/** How far the expected sum under the anomaly lies from the ordinary one, as the signed root of a negative binomial's deviance. */
export function evidenceOf(series: Pick<Series, 'expected' | 'trials' | 'noise'>, buckets: Bucket[], factor: number, from: number, until: number): number {
  let [mean, binomial] = [0, 0];
  for (let at = from; at < until; at++) {
    const expected = series.expected[at]!;
    mean += expected;
    if (series.trials !== null && series.trials[at]! > 0) binomial += expected ** 2 / series.trials[at]!;
  }
  if (mean <= 0) return 0;
  const extra = extraVariance(series.expected, series.noise, buckets, from, until);
  if (series.trials !== null) return (Math.abs(factor - 1) * mean) / Math.sqrt(mean - Math.min(binomial, mean * 0.99) + extra);
  const size = extra > 0 ? mean ** 2 / extra : Number.POSITIVE_INFINITY;
  const here = factor * mean;
  const counted = here > 0 ? here * Math.log(factor) : 0;
  const half = Number.isFinite(size) ? counted - (here + size) * Math.log((here + size) / (mean + size)) : counted - (here - mean);
  return Math.sqrt(Math.max(0, 2 * half));
}

interface Proposal {
  anomaly: Anomaly;
  ramp: number;
  until: number;
}

function propose(kind: AnomalyKind, series: Series, buckets: Bucket[], grain: Grain, random: Random): Proposal {
  const habit = habits[kind];
  const perDay = bucketsPerDay[grain];
  const length = series.values.length;
  const ramp = habit.ramp?.(random, perDay) ?? 0;
  const earliest = Math.max(learningDays * perDay + 14 * perDay, series.born + 35 * perDay);
  const start = random.integer(earliest, length - 3 * perDay - ramp);
  const duration = habit.duration(random, grain);
  const until = Math.min(length, start + ramp + duration);
  const factor = habit.factor(random, grain);
  const lasts = duration === Number.POSITIVE_INFINITY;
  const end = Math.min(until, start + ramp + usefulDays * perDay);
  const rest = grain === 'hour' ? 24 : 2;
  const tail = lasts ? (kind === 'vanished' ? length : end + settlingDays * perDay) : until + Math.max(rest, until - start);
  const evidence = evidenceOf(series, buckets, factor, start + ramp, Math.min(until, start + ramp + (ramp > 0 ? 2 : 1) * telling[grain]));
  return { anomaly: { series: series.name, kind, start, end, tail: Math.min(length, tail), faint: evidence <= evidenceLimits.faint, lasts, factor, evidence }, ramp, until };
}

/** Mostly known time, far from the other anomalies of the series. */
function fits({ anomaly }: Proposal, series: Series, others: Anomaly[], perDay: number): boolean {
  const { start, end, tail, kind, factor } = anomaly;
  if (start < series.born + 35 * perDay || start >= end) return false;
  // Rows that are left out say nothing about a fall.
  if (series.sparse && (factor < 1 || kind === 'vanished')) return false;
  if (others.some((other) => start < other.tail + 28 * perDay && other.start < tail + 28 * perDay)) return false;
  const unknown = series.values.subarray(start, end).reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  return unknown <= 0.3 * (end - start);
}

export interface Planted {
  anomalies: Anomaly[];
  /** By name of series: a factor a bucket. */
  factors: Map<string, Float64Array>;
}

const attempts = 20_000;

/** Plants the agreed number of each kind. `series` hold their expectation; unknown time is NaN in their values. */
export function plantAnomalies(seed: number, grain: Grain, series: Series[], buckets: Bucket[]): Planted {
  const factors = new Map<string, Float64Array>();
  const anomalies: Anomaly[] = [];
  for (const kind of Object.keys(habits) as AnomalyKind[]) {
    const random = makeRandom(seed, `anomalies ${grain} ${kind}`);
    const candidates = series.filter(({ role, born }) => role === habits[kind].role && born < (corpusDays - 75) * bucketsPerDay[grain]);
    const wanted = habits[kind].count[grain];
    for (let count = 0, tries = 0; count < wanted; tries++) {
      if (tries > attempts) throw new Error(`Found no place for ${kind} ${count + 1} of ${wanted}.`);
      const one = random.pick(candidates);
      const faint = count < faintShare * wanted;
      const proposal = propose(kind, one, buckets, grain, random);
      const { evidence } = proposal.anomaly;
      if (evidence < evidenceLimits.least || evidence > evidenceLimits.most || proposal.anomaly.faint !== faint) continue;
      if (!fits(proposal, one, anomalies.filter(({ series: name }) => name === one.name), bucketsPerDay[grain])) continue;
      anomalies.push(proposal.anomaly);
      const factor = factors.get(one.name) ?? new Float64Array(buckets.length).fill(1);
      const { start } = proposal.anomaly;
      for (let at = start; at < proposal.until; at++) factor[at]! *= proposal.anomaly.factor ** Math.min(1, proposal.ramp > 0 ? (at - start + 1) / proposal.ramp : 1);
      factors.set(one.name, factor);
      count += 1;
    }
  }
  return { anomalies: anomalies.toSorted((one, other) => one.start - other.start), factors };
}
