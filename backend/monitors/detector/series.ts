import { calibrationOf, isWatched, type Calibration } from './calibration.ts';
import { bandOf, deviationOf, strongestDeviation, type Deviation, type Limits } from './deviation.ts';
import type { AnomalyKind, DetectorSettings, Observation, Verdict } from './detector.ts';
import { dayVariance, unborn, type DayModel } from './day-model.ts';
import { changeOf, driftScore } from './drift.ts';
import { expectedRange } from './expected-range.ts';
import { History, type HistoryState } from './history.ts';
import { levelOf, sumsOfDay } from './level.ts';
import type { Moment } from './moment.ts';
import { packed, unpacked } from './packing.ts';
import { monthlyFactor } from './recurrence.ts';
import { SelfCalibration } from './self-calibration.ts';
import { Shape } from './shape.ts';
import { continueSilence, vanishedScore } from './vanished.ts';
import { dayNoiseOf, dispersionOf } from './variance.ts';
import { RecentBuckets, Sums, type Bucket } from './windows.ts';

/** All that a series carries from one bucket to the next: plain JSON. */
export interface SeriesState {
  model: DayModel;
  history: HistoryState;
  shape: { rows: string; raw: string };
  recent: { newest: number; totals: string };
  calibration: { counts: string; largest: string; widening: string };
}

const young = 42;
const quietDays = 42;
const dispersionEvery = 3;
/** A series that has been silent for so long is gone: told already, and judged again when it comes back. */
const goneAfterDays = 14;
/** Share of the memory of silences that is left a day later. */
const silenceKept = 0.99;
const unbelievable = 3.5;
const believable = 2.5;
const unscored: Verdict = { expected: null, low: null, high: null, score: 0, kind: null, isAbove: false, buckets: 1 };
const sumsByLength = new Map<number, Sums>();

/** The detector of one series: takes its buckets in order of time and judges each by what came before. */
export class SeriesDetector {
  private readonly calibration: Calibration;
  private readonly history: History;
  private readonly shape: Shape;
  private recent: RecentBuckets;
  private own: SelfCalibration;
  private model: DayModel = { ...unborn };
  private readonly sums: Sums;

  constructor(
    readonly name: string,
    private readonly settings: DetectorSettings,
    state?: SeriesState,
  ) {
    this.calibration = calibrationOf(settings);
    const { slotsPerDay, windows, nominal } = this.calibration;
    const longest = Math.max(...windows);
    this.sums = sumsByLength.get(longest) ?? new Sums(windows);
    sumsByLength.set(longest, this.sums);
    this.shape = new Shape(slotsPerDay);
    if (state === undefined) {
      this.history = new History(slotsPerDay);
      this.recent = new RecentBuckets(longest);
      this.own = new SelfCalibration(nominal);
      return;
    }
    this.model = { ...state.model };
    this.history = History.restore(slotsPerDay, state.history);
    this.shape.rows.set(unpacked(state.shape.rows, 7 * slotsPerDay));
    this.shape.raw.set(unpacked(state.shape.raw, 7 * slotsPerDay));
    this.recent = RecentBuckets.restore(longest, state.recent);
    this.own = SelfCalibration.restore(nominal, state.calibration);
  }

  state(): SeriesState {
    return {
      model: { ...this.model },
      history: this.history.state(),
      shape: { rows: packed(this.shape.rows), raw: packed(this.shape.raw) },
      recent: this.recent.state(),
      calibration: this.own.state(),
    };
  }

  /** What stands for a row that is not there while other series have theirs: nothing happened. */
  get nothing(): Observation {
    return this.model.isShare ? { value: 0, trials: 0 } : { value: 0 };
  }

  /** Judges the next bucket. Moments must come in order; skipped ones are unknown. */
  observe(moment: Moment, number: number, { value, trials }: Observation): Verdict {
    if (this.model.born < 0 && value === null) return unscored;
    if (moment.day !== this.model.day) this.beginDay(moment);
    if (value === null || trials === 0) return unscored;
    if (trials !== undefined) this.model.isShare = true;
    else if (!Number.isInteger(value)) this.model.unit = 0;
    const bucket = this.bucketOf(moment, value, trials);
    if (bucket === null) {
      this.history.remember(moment.day, moment.hour, { observed: value, clean: value, expected: NaN, exposure: trials ?? 1 });
      return unscored;
    }
    return this.judge(moment, number, bucket, trials);
  }

  private judge(moment: Moment, number: number, bucket: Bucket, trials: number | undefined): Verdict {
    const { model } = this;
    this.recent.push(number, bucket);
    this.recent.sumUp(this.sums);
    const age = moment.day - model.born;
    const limits = this.limits(trials !== undefined, age);
    const isScored = age >= this.calibration.warmUpDays;
    const single = deviationOf(this.sums, 1, limits);
    const vanished = isScored ? this.followSilence(moment, bucket, limits) : 0;
    this.remember(moment, bucket, vanished >= 1 ? NaN : single, trials);
    const strongest = strongestDeviation(this.sums, limits, this.own, age >= 7);
    if (!isScored) return unscored;
    this.followCalm(strongest.score >= 1);
    return this.verdict(moment, bucket, { strongest, vanished }, limits);
  }

  /** What has been since `day` is the usual now: the level is learned from that day on, and drift is not asked for a while. */
  newNormal(day: number): void {
    this.history.forgetLevels(day);
    for (let known = Math.max(day, this.model.day - 6); known <= this.model.day; known += 1) {
      this.history.believe(known);
      if (known < this.model.day) this.history.setRatio(known, sumsOfDay(this.history, this.shape, { day: known, weekday: (this.model.weekday + known - this.model.day + 7) % 7 }).ratio);
    }
    this.recent.keepNewest(0);
    this.model.quietUntil = Math.max(this.model.day, day) + quietDays;
    this.model.calm = null;
  }

  /** An alert that has been over for a while must not come back by sums that still hold it. */
  private followCalm(isAlert: boolean): void {
    const { model, calibration } = this;
    if (isAlert) model.calm = 0;
    else if (model.calm !== null) model.calm += 1;
    if (model.calm === null || model.calm < calibration.calmAfter) return;
    this.recent.keepNewest(model.calm);
    model.calm = null;
  }

  private verdict(moment: Moment, bucket: Bucket, { strongest, vanished }: { strongest: Deviation; vanished: number }, limits: Limits): Verdict {
    const { model } = this;
    const drift = Math.abs(model.drift);
    const isGone = model.silence !== null && moment.day - model.silence.since > goneAfterDays;
    const score = isGone ? 0 : Math.max(strongest.score, vanished, drift);
    const kind = score < 1 ? null : vanished >= 1 ? 'vanished' : strongest.score >= 1 ? this.kindOf(strongest, limits.isShare) : 'drift';
    if (kind === 'vanished' || kind === 'shift' || kind === 'drift') model.quietUntil = moment.day + quietDays;
    const sign = model.drift;
    model.drift = 0;
    const band = bandOf(bucket, limits, this.own.widening[0] ?? 1);
    const { direction } = this.settings;
    return { expected: bucket.expected, low: direction === 'up' ? 0 : band.low, high: direction === 'down' ? null : band.high, score, kind, isAbove: vanished >= 1 ? false : strongest.score >= drift ? strongest.deviation > 0 : sign > 0, buckets: kind === 'drift' ? this.calibration.slotsPerDay * 7 : strongest.buckets };
  }

  private limits(isShare: boolean, age: number): Limits {
    const { unit, dayNoise } = this.model;
    return { calibration: this.calibration, direction: this.settings.direction, unit, dayNoise, isShare, caution: age < young ? 1.15 : 1 };
  }

  private kindOf({ deviation, buckets }: Deviation, isShare: boolean): AnomalyKind {
    if (isShare) return 'conversion';
    if (buckets >= this.calibration.shiftFrom) return 'shift';
    if (deviation < 0) return 'drop';
    return buckets === 1 ? 'spike' : 'burst';
  }

  private bucketOf(moment: Moment, value: number, trials: number | undefined): Bucket | null {
    const { level, dispersion, unit } = this.model;
    if (level === null || moment.day - this.model.born < 7) return null;
    const exposure = trials ?? 1;
    const usual = level * this.shape.at(moment.weekday, moment.hour) * exposure;
    const sunday = level * this.shape.at(6, moment.hour) * exposure;
    this.model.observed += value;
    this.model.usual += usual;
    const range = expectedRange(this.name, moment, { usual, sunday, monthly: this.model.monthly });
    const failing = trials === undefined ? 1 : Math.max(0.02, 1 - range.expected / trials);
    return { observed: value, ...range, variance: unit * range.expected * failing + dispersion * range.expected ** 2 };
  }

  private remember(moment: Moment, bucket: Bucket, single: number, trials: number | undefined): void {
    const isUsual = bucket.low === bucket.high && single === single;
    const clean = Math.abs(single) <= unbelievable || moment.day - this.model.born < this.calibration.warmUpDays ? bucket.observed : this.believed(moment, bucket);
    const { observed, expected } = bucket;
    this.history.remember(moment.day, moment.hour, isUsual ? { observed, clean, expected, exposure: trials ?? 1 } : { observed: NaN, clean: NaN, expected: NaN, exposure: trials ?? 1 });
  }

  /** The believable value nearest to an outlier. What came a week ago too is a habit, such as a mailing on Thursdays. */
  private believed(moment: Moment, { observed, expected, variance }: Bucket): number {
    const spread = believable * Math.sqrt(variance + (this.model.dayNoise * expected) ** 2);
    const before = this.history.observedBefore(moment.day, moment.hour);
    const habit = before === before ? before : expected;
    return observed > expected ? Math.min(observed, Math.max(expected + spread, habit)) : Math.max(observed, Math.min(Math.max(0, expected - spread), habit));
  }

  /** A silence that chance does not explain. */
  private followSilence(moment: Moment, bucket: Bucket, limits: Limits): number {
    const { model } = this;
    if (bucket.observed > 0) {
      if (model.silence !== null && model.silence.buckets <= 2 * this.calibration.slotsPerDay) model.longestSilence = Math.max(model.longestSilence, model.silence.expected);
      model.silence = null;
      return 0;
    }
    model.silence = continueSilence(model.silence, bucket.low, model.dispersion, moment.day);
    return isWatched(limits.direction, -1) ? vanishedScore(model.silence, model.longestSilence, limits.caution) : 0;
  }

  private beginDay(moment: Moment): void {
    const { model, history } = this;
    if (model.born < 0) model.born = moment.day;
    else this.endDay();
    history.open(moment.day);
    this.shape.learn(history, moment.day, moment.weekday);
    model.day = moment.day;
    model.weekday = moment.weekday;
    const level = levelOf(history, this.shape, { day: moment.day, weekday: moment.weekday, countsPerDay: model.countsPerDay });
    if (level === level) model.level = level;
    if (model.level !== null && (moment.day - model.born) % dispersionEvery === 0) this.learnNoise(moment.day);
    this.own.settle();
    model.longestSilence *= silenceKept;
    model.monthly = monthlyFactor(history, moment);
    model.drift = this.driftNow(moment.day);
  }

  private learnNoise(day: number): void {
    const { model, history } = this;
    model.dispersion = dispersionOf(history, day, model.unit);
    model.dayNoise = dayNoiseOf(history, day, model.unit, model.dispersion, history.exposure === null ? 0.03 : 0.015);
  }

  private driftNow(day: number): number {
    const { model, history } = this;
    if (day - model.born < 35) return 0;
    const change = changeOf(history, day);
    history.setChange(day, change);
    if (day < model.quietUntil) return 0;
    const drift = driftScore(history, day, change, dayVariance(model, this.shape));
    return isWatched(this.settings.direction, drift) ? drift : 0;
  }

  /** Sums the day up that has ended. */
  private endDay(): void {
    const { model, history } = this;
    const { ratio, counts } = sumsOfDay(history, this.shape, { day: model.day, weekday: model.weekday });
    history.setRatio(model.day, ratio);
    history.setRelative(model.day, model.usual > 0 ? model.observed / model.usual : NaN);
    model.observed = 0;
    model.usual = 0;
    if (ratio === ratio) model.countsPerDay += (counts - model.countsPerDay) / Math.min(14, Math.max(1, model.day - model.born + 1));
  }
}
