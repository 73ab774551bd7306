import type { Bench } from './bench.ts';
import { csv } from './csv.ts';
import { detector } from './detector.ts';
import { draws } from './draws.ts';
import { experiments } from './experiments.ts';
import { functions } from './functions.ts';
import { latency } from './latency.ts';
import { load } from './load.ts';
import { sheet } from './sheet.ts';
import { sources } from './sources.ts';
import { start } from './start.ts';
import { xlsx } from './xlsx.ts';

export const benches: Bench[] = [csv, xlsx, sheet, latency, start, load, detector, sources, experiments, draws, functions];
