import type { Company } from './company.ts';

/** One side of a comparison: what ran, how long each time, and what came out of it. */
export interface Side {
  command: string;
  /** One time a round; empty where a duration says nothing. */
  milliseconds: number[];
  /** Of everything that came out; the two sides of a comparison must agree. */
  checksum?: string;
}

export type Unit = 'times' | 'ms' | 'MB' | 'count' | 'percent' | 'score';

/** A measured value beside what the design asks of it. */
export interface Figure {
  name: string;
  /** `null` where this system offers no way to measure it. */
  value: number | null;
  unit: Unit;
  bound: 'atLeast' | 'atMost';
  limit: number;
}

export interface Comparison {
  title: string;
  ours: Side;
  /** What ours is held against; `null` where the limit alone is. */
  peer: Side | null;
  /** Of what went in, where it can be told: what came out must have the same. */
  expected?: string;
  figures: Figure[];
  /** What else was seen and how to read the figures. */
  notes: string[];
}

export interface BenchContext {
  /** The sizes that the limits were set for; smaller ones otherwise. */
  full: boolean;
  /** A folder of this run, removed at its end. */
  directory: string;
  /** The sample company's data and catalog with the benches' own tasks, made when first asked for. */
  company(): Promise<Company>;
  say(text: string): void;
  /** Done when the run ends, also by a failure or Ctrl+C; what was registered last comes first. */
  onEnd(close: () => Promise<void>): void;
}

/** One kind of measurement. */
export interface Bench {
  name: string;
  summary: string;
  run(context: BenchContext): Promise<Comparison[]>;
}

export type Verdict = 'reached' | 'not reached' | 'not measured';

export function verdictOf({ value, bound, limit }: Figure): Verdict {
  if (value === null || Number.isNaN(value)) return 'not measured';
  return (bound === 'atLeast' ? value >= limit : value <= limit) ? 'reached' : 'not reached';
}

/** Whether both sides gave the same, and what was expected; a side without a checksum has nothing to compare. */
export function sidesAgree({ ours, peer, expected }: Comparison): boolean {
  return new Set([ours.checksum, peer?.checksum, expected].filter((checksum) => checksum !== undefined)).size < 2;
}
