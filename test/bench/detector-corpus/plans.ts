import type { Noise, Role } from './corpus.ts';
import { makeRandom, type Random } from './random.ts';

/** What is true about one series before chance and anomalies. */
export interface Plan {
  name: string;
  role: Role;
  /** Expected count of a middling day; of trials for conversions. */
  daily: number;
  /** Successes a trial, for conversions. */
  rate: number;
  /** Share of the day by local hour: working days, days off. */
  hours: [number[], number[]];
  weekdays: number[];
  /** Against a Sunday. */
  holiday: number;
  /** Natural logarithm of the change over the whole corpus. */
  growth: number;
  /** A day of each month with its factor. */
  monthly: { day: number; factor: number } | null;
  /** Deviation of the daily step of a wandering level. */
  wander: number;
  bornDay: number;
  /** How strongly it follows what moves all series at once. */
  loading: number;
  sparse: boolean;
  noise: Noise;
}

const commuter = [3, 1, 1, 1, 1, 4, 14, 38, 46, 30, 22, 22, 27, 26, 22, 23, 29, 44, 50, 40, 28, 20, 13, 7];
const shopper = [4, 2, 1, 1, 1, 2, 4, 9, 16, 26, 36, 44, 50, 48, 44, 43, 47, 56, 64, 62, 48, 30, 17, 8];
const evening = [14, 7, 4, 2, 2, 3, 7, 12, 16, 18, 20, 23, 28, 27, 26, 27, 31, 38, 47, 56, 62, 60, 46, 27];
const office = [1, 1, 1, 1, 1, 1, 3, 10, 40, 68, 72, 66, 44, 58, 66, 62, 52, 30, 12, 6, 4, 3, 2, 1];
const lazy = [9, 5, 3, 2, 2, 2, 4, 8, 15, 25, 36, 43, 46, 46, 44, 42, 42, 43, 44, 42, 37, 30, 22, 14];
const machine = Array.from({ length: 24 }, () => 10);

const templates = [
  { hours: [commuter, lazy], weekdays: [1, 1.02, 1.03, 1.05, 1.08, 0.72, 0.6] },
  { hours: [shopper, shopper], weekdays: [0.86, 0.86, 0.9, 0.97, 1.18, 1.36, 0.84] },
  { hours: [evening, lazy], weekdays: [0.96, 0.94, 0.95, 0.97, 1.02, 1.1, 1.08] },
  { hours: [office, lazy], weekdays: [1.22, 1.24, 1.2, 1.2, 1.08, 0.38, 0.3] },
  { hours: [machine, machine], weekdays: [1, 1, 1, 1, 1, 1, 1] },
];

const perturbed = (shape: number[], strength: number, random: Random): number[] => shape.map((value) => value * Math.exp(strength * random.normal()));

function share(shape: number[]): number[] {
  const sum = shape.reduce((total, value) => total + value, 0);
  return shape.map((value) => value / sum);
}

/** A burst at one local hour, dying away in a few more. */
function pulse(hour: number): number[] {
  return share(Array.from({ length: 24 }, (_, at) => (at < hour ? 0.0004 : 0.42 ** (at - hour) + 0.0004)));
}

function basis(name: string, role: Role, daily: number, random: Random): Plan {
  const template = templates[[0, 0, 1, 1, 1, 2, 2, 2, 3, 4][random.integer(0, 9)]!]!;
  const [workday, dayOff] = template.hours as [number[], number[]];
  return {
    name,
    role,
    daily,
    rate: 1,
    hours: [share(perturbed(workday, 0.12, random)), share(perturbed(dayOff, 0.12, random))],
    weekdays: perturbed(template.weekdays, 0.05, random),
    holiday: random.between(0.82, 1.2),
    growth: random.chance(0.3) ? random.between(-0.25, 0.5) : random.between(-0.06, 0.1),
    monthly: null,
    wander: random.between(0.002, 0.006),
    bornDay: 0,
    loading: random.between(0.3, 1.2),
    sparse: false,
    noise: { day: random.between(0.02, 0.075), wave: random.between(0.03, 0.09), memory: random.between(0.55, 0.85), dispersion: random.between(0.002, 0.02) },
  };
}

const objects = ['card', 'coupon', 'catalog', 'store', 'barcode', 'offer', 'receipt', 'profile', 'map', 'banner', 'search', 'widget', 'story', 'gift', 'points', 'partner', 'family', 'watch', 'push', 'wallet'];
const actions = ['open', 'add', 'share', 'delete', 'scan', 'view', 'tap', 'edit', 'rate', 'hide', 'save', 'retry'];
const faults = ['timeout', 'crash', 'http_500', 'http_404', 'decode', 'payment_declined', 'camera', 'login', 'sync', 'storage'];

const named = (words: string[], others: string[], at: number): string => `${words[at % words.length]!}_${others[Math.floor(at / words.length) % others.length]!}`;

function eventPlan(at: number, random: Random): Plan {
  const daily = at < 6 ? random.logBetween(150_000, 900_000) : at < 96 ? random.logBetween(1.5, 60) : at < 166 ? random.logBetween(60, 2500) : random.logBetween(2500, 150_000);
  const plan = basis(at < 6 ? `total_${['events', 'ios', 'android', 'web', 'sessions', 'users'][at]!}` : named(objects, actions, at), 'event', daily, random);
  // A total is smoother than its parts.
  if (at < 6) plan.noise = { ...plan.noise, day: random.between(0.012, 0.025), wave: random.between(0.02, 0.04), dispersion: 0.001 };
  plan.sparse = daily < 40 && random.chance(0.25);
  return plan;
}

function errorPlan(at: number, random: Random): Plan {
  const plan = basis(`error_${named(faults, objects, at)}`, 'error', random.logBetween(2, 4000), random);
  return { ...plan, growth: random.between(-0.3, 0.3), noise: { ...plan.noise, day: random.between(0.08, 0.2), dispersion: random.between(0.03, 0.2) } };
}

function conversionPlan(at: number, random: Random): Plan {
  const plan = basis(`conversion_${named(objects, actions, at * 7)}`, 'conversion', random.logBetween(150, 40_000), random);
  return { ...plan, rate: random.pick([random.between(0.02, 0.12), random.between(0.12, 0.6), random.between(0.6, 0.95)]), noise: { day: random.between(0.01, 0.03), wave: random.between(0.01, 0.03), memory: 0.7, dispersion: random.between(0.0005, 0.004) } };
}

function newsletterPlan(at: number, random: Random): Plan {
  const plan = basis(`newsletter_${objects[at]!}`, 'event', random.logBetween(400, 30_000), random);
  const hours = pulse(random.integer(9, 18));
  const sent = random.integer(0, 6);
  // The rest of the week is its late readers.
  return { ...plan, hours: [hours, hours], weekdays: plan.weekdays.map((_, day) => (day === sent ? 1 : 0.0015)), holiday: 1, growth: 0.1, noise: { ...plan.noise, day: random.between(0.05, 0.1) } };
}

function nightlyPlan(at: number, random: Random): Plan {
  const plan = basis(`job_${objects[at]!}_rows`, 'event', random.logBetween(300, 20_000), random);
  const hours = pulse(random.integer(1, 5));
  return { ...plan, hours: [hours, hours], weekdays: perturbed(machine.slice(0, 7).map(() => 1), 0.03, random), holiday: 1, loading: 0 };
}

function monthlyPlan(at: number, random: Random): Plan {
  const plan = basis(`billing_${named(actions, objects, at)}`, 'event', random.logBetween(80, 8000), random);
  return { ...plan, monthly: { day: random.pick([1, 1, 5, 10, 25]), factor: random.between(2.2, 4.5) } };
}

/** A release or a new partner brings it, small or large at once. */
function newbornPlan(at: number, random: Random): Plan {
  const plan = basis(`new_${named(objects, actions, at * 11 + 3)}`, 'event', random.logBetween(15, 8000), random);
  return { ...plan, bornDay: random.integer(24, 130) };
}

const mix: { count: number; plan: (at: number, random: Random) => Plan }[] = [
  { count: 208, plan: eventPlan },
  { count: 46, plan: errorPlan },
  { count: 40, plan: conversionPlan },
  { count: 10, plan: newsletterPlan },
  { count: 6, plan: nightlyPlan },
  { count: 12, plan: monthlyPlan },
  { count: 18, plan: newbornPlan },
];

/** All series of an invented wallet's app. */
export function makePlans(seed: number): Plan[] {
  return mix.flatMap(({ count, plan }, kind) => Array.from({ length: count }, (_, at) => plan(at, makeRandom(seed, `plan ${kind} ${at}`))));
}
