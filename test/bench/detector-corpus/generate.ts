import { plantAnomalies } from './anomalies.ts';
import { localTime, type Bucket, type CalendarDay, type Grain } from './calendar.ts';
import { bucketsPerDay, type Anomaly, type Corpus, type Noise, type Series } from './corpus.ts';
import { expectedCounts, expectedRates } from './expectation.ts';
import { disperse, logNoise } from './noise.ts';
import { makePlans, type Plan } from './plans.ts';
import { makeRandom, type Random } from './random.ts';

/** What moves all series at once: weather, news, football. */
const sharedNoise: Noise = { day: 0.022, wave: 0.025, memory: 0.8, dispersion: 0 };

/** Within a day, waves and dispersion of hours mostly cancel. */
const ofGrain = (noise: Noise, grain: Grain): Noise => (grain === 'hour' ? noise : { ...noise, wave: 0, memory: 0, dispersion: noise.dispersion / 6 });

/** Marks the time of which nothing is known: gaps of the whole load, of one source, and what has not come yet at the end. */
function markUnknown(series: Series[], buckets: Bucket[], grain: Grain, random: Random): void {
  const length = buckets.length;
  const gap = (hours: [number, number]) => (grain === 'hour' ? random.integer(...hours) : 1);
  const blank = (share: number, from: number, until: number): void => {
    const offset = random.integer(0, 6);
    series.forEach((one, at) => {
      if (share === 1 || (at + offset) % 7 === 0) one.values.fill(Number.NaN, from, until);
    });
  };
  for (let count = 0; count < (grain === 'hour' ? 4 : 2); count++) {
    const from = random.integer(0, length - bucketsPerDay[grain] * 4);
    blank(1, from, from + gap([2, 9]));
  }
  for (let count = 0; count < 3; count++) {
    const from = random.integer(0, length - bucketsPerDay[grain] * 4);
    blank(1 / 7, from, from + gap([3, 14]));
  }
  blank(1 / 7, length - gap([4, 7]), length);
}

function emptySeries(plan: Plan, seed: number, buckets: Bucket[], grain: Grain): Series {
  const random = makeRandom(seed, `expectation ${plan.name}`);
  const counts = expectedCounts(plan, buckets, grain, random);
  const own = ofGrain(plan.noise, grain);
  const shared = ofGrain(sharedNoise, grain);
  const conversion = plan.role === 'conversion';
  const rates = conversion ? expectedRates(plan, buckets, grain, random) : null;
  const together = (part: number, other: number) => Math.hypot(part, plan.loading * other);
  return {
    name: plan.name,
    role: plan.role,
    direction: plan.role === 'error' ? 'up' : 'both',
    sparse: plan.sparse,
    born: buckets.findIndex(({ day }) => day >= plan.bornDay),
    values: new Float64Array(buckets.length),
    trials: conversion ? counts.slice() : null,
    expected: rates === null ? counts : counts.map((count, at) => count * rates[at]!),
    rates,
    noise: conversion ? own : { ...own, day: together(own.day, shared.day), wave: together(own.wave, shared.wave) },
  };
}

const trialNoise: Noise = { day: 0.05, wave: 0.06, memory: 0.7, dispersion: 0.01 };

interface Weather {
  shared: Float64Array;
  buckets: Bucket[];
  grain: Grain;
}

/** Chance on top of expectation and anomaly. Unknown time stays unknown. */
function draw(one: Series, plan: Plan, factor: Float64Array | undefined, { shared, buckets, grain }: Weather, random: Random): void {
  const own = ofGrain(plan.noise, grain);
  const noise = logNoise(own, buckets, random);
  const expectedTrials = one.trials?.slice();
  const ofTrials = one.trials === null ? null : logNoise(ofGrain(trialNoise, grain), buckets, random);
  for (let at = one.born; at < buckets.length; at++) {
    const strength = factor?.[at] ?? 1;
    const common = plan.loading * shared[at]!;
    if (one.trials === null || ofTrials === null || expectedTrials === undefined) {
      const count = random.poisson(one.expected[at]! * strength * Math.exp(noise[at]! + common) * disperse(own.dispersion, random));
      if (!Number.isNaN(one.values[at]!)) one.values[at] = count;
      continue;
    }
    const rate = one.rates![at]!;
    const trials = random.poisson(expectedTrials[at]! * Math.exp(ofTrials[at]! + common));
    const odds = ((rate * strength) / (1 - Math.min(0.999, rate * strength))) * Math.exp(noise[at]! / (1 - Math.min(0.9, rate))) * disperse(own.dispersion, random);
    one.trials[at] = trials;
    const hits = random.binomial(trials, odds / (1 + odds));
    if (!Number.isNaN(one.values[at]!)) one.values[at] = hits;
  }
}

function makeNotes(buckets: Bucket[], holidays: CalendarDay[], random: Random): CalendarDay[] {
  const taken = new Set(holidays.map(({ date }) => date));
  const days = Array.from({ length: 8 }, () => random.pick(buckets).time.slice(0, 10)).filter((date) => !taken.has(date));
  return [...new Set(days)].toSorted().map((date, at) => ({ date, ru: `Выпуск ${at + 1}`, en: `Release ${at + 1}` }));
}

/** What lasts is the new ordinary once its anomaly has ended. */
function learnLasting(series: Series[], anomalies: Anomaly[]): void {
  for (const { series: name, end, factor } of anomalies.filter(({ lasts }) => lasts)) {
    const one = series.find((candidate) => candidate.name === name)!;
    for (const expected of [one.expected, ...(one.rates === null ? [] : [one.rates])])
      for (let at = end; at < expected.length; at++) expected[at]! *= factor;
  }
}

/** The corpus of a seed: the same on any machine. */
export function generateCorpus(seed: number, grain: Grain): Corpus {
  const { zone, buckets, holidays, weekBefore } = localTime(seed, grain);
  const plans = makePlans(seed);
  const series = plans.map((plan) => emptySeries(plan, seed, buckets, grain));
  markUnknown(series, buckets, grain, makeRandom(seed, `gaps ${grain}`));
  const { anomalies, factors } = plantAnomalies(seed, grain, series, buckets);
  const shared = logNoise(ofGrain(sharedNoise, grain), buckets, makeRandom(seed, `shared ${grain}`));
  series.forEach((one, at) => draw(one, plans[at]!, factors.get(one.name), { shared, buckets, grain }, makeRandom(seed, `chance ${grain} ${one.name}`)));
  learnLasting(series, anomalies);
  return { seed, grain, zone, times: buckets.map(({ time }) => time), weekBefore, series, anomalies, holidays, notes: makeNotes(buckets, holidays, makeRandom(seed, 'notes')) };
}
