import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, BenchContext, Comparison, Figure } from './bench.ts';
import { judge, judgePlain, type Judged } from './detector-corpus/baselines.ts';
import type { Grain } from './detector-corpus/calendar.ts';
import { ceiling } from './detector-corpus/ceiling.ts';
import { anomalyKinds, type AnomalyKind } from './detector-corpus/corpus.ts';
import { decomposition, decompositionName } from './detector-corpus/decomposition.ts';
import { detect } from './detector-corpus/detect.ts';
import { writeCorpus } from './detector-corpus/files.ts';
import { generateCorpus } from './detector-corpus/generate.ts';
import { hardnessOf, type Hardness } from './detector-corpus/hardness.ts';
import { score, type Score } from './detector-corpus/scoring.ts';
import { median } from './statistics.ts';

/** From nothing, with reading and writing the files. */
const fromNothing = { series: 2000, milliseconds: 120_000 };

/** Never used for tuning. */
const seeds = [101, 102, 103, 104, 105];
const command = `node ${join('dist', 'backend', 'main.js')} detect`;

const limits: Record<Grain, { median: number; worst: number; falseAlarms: number }> = {
  day: { median: 0.82, worst: 0.78, falseAlarms: 0.15 },
  hour: { median: 0.68, worst: 0.63, falseAlarms: 0.5 },
};

interface Round {
  seed: number;
  own: Score;
  seconds: number;
  plain: Judged[];
  known: Judged;
  hardness: Hardness;
  series: number;
  faint: number;
}

async function play(context: BenchContext, grain: Grain, seed: number): Promise<Round> {
  context.say(`detector, ${grain}, seed ${seed}`);
  const corpus = generateCorpus(seed, grain);
  const folder = join(context.directory, `corpus-${grain}-${seed}`);
  await mkdir(folder);
  const { alerts, seconds } = await detect(command, corpus, await writeCorpus(corpus, folder));
  await rm(folder, { recursive: true });
  const plain = [...judgePlain(corpus), judge(decompositionName, corpus, await decomposition(corpus), 3)];
  const known = judge('whoever knew the truth', corpus, ceiling(corpus), 6);
  const faint = corpus.anomalies.filter((anomaly) => anomaly.faint).length / corpus.anomalies.length;
  return { seed, own: score(corpus, alerts), seconds, plain, known, hardness: hardnessOf(grain, plain), series: corpus.series.length, faint };
}

const two = (value: number): string => value.toFixed(2);
const middle = (rounds: Round[], value: (round: Round) => number): number => median(rounds.map(value));

function peerNote(rounds: Round[], judged: (round: Round) => Judged): string {
  const of = (value: (one: Judged) => number): string => two(middle(rounds, (round) => value(judged(round))));
  const usual = `F1 ${of(({ usual: { f1 } }) => f1)} at ${of(({ usualThreshold }) => usualThreshold)} with ${of(({ usual }) => usual.falseAlarmsPerSeriesYear)} false alarms per series-year`;
  return `${judged(rounds[0]!).name}: ${usual}; at the best threshold ${of(({ best: { f1 } }) => f1)} with ${of(({ best }) => best.falseAlarmsPerSeriesYear)}.`;
}

function kindsNote(rounds: Round[]): string {
  const tally = (kind: AnomalyKind): string => {
    const [found, planted] = (['found', 'planted'] as const).map((part) => rounds.reduce((sum, { own }) => sum + own.kinds[kind][part], 0));
    return `${kind} ${found}/${planted}`;
  };
  return `Found: ${anomalyKinds.map(tally).join(', ')}.`;
}

async function compare(context: BenchContext, grain: Grain): Promise<Comparison> {
  const rounds: Round[] = [];
  for (const seed of context.full ? seeds : seeds.slice(0, 2)) rounds.push(await play(context, grain, seed));
  const { median: least, worst, falseAlarms } = limits[grain];
  const figure = (name: string, value: number, bound: Figure['bound'], limit: number): Figure => ({ name, value, unit: 'score', bound, limit });
  const { judged, low, high } = rounds[0]!.hardness;
  const scaled = middle(rounds, ({ seconds, series }) => (seconds * 1000 * fromNothing.series) / series);
  return {
    title: `Anomalies in ${rounds[0]!.series} series × 180 days by the ${grain}, seeds ${rounds.map(({ seed }) => seed).join(', ')}`,
    ours: { command: `${command} --grain ${grain}`, milliseconds: rounds.map(({ seconds }) => seconds * 1000) },
    peer: { command: `${judged} at its best threshold, on the same series`, milliseconds: [] },
    figures: [
      figure('F1, median', middle(rounds, ({ own }) => own.f1), 'atLeast', least),
      figure('F1, worst', Math.min(...rounds.map(({ own }) => own.f1)), 'atLeast', worst),
      figure('false alarms per series-year, median', middle(rounds, ({ own }) => own.falseAlarmsPerSeriesYear), 'atMost', falseAlarms),
      { name: `corpora of ${rounds.length} that are hard`, value: rounds.filter(({ hardness }) => hardness.hard).length, unit: 'count', bound: 'atLeast', limit: rounds.length },
      { name: 'faint anomalies', value: 100 * Math.min(...rounds.map(({ faint }) => faint)), unit: 'percent', bound: 'atLeast', limit: 40 },
      ...(grain === 'hour' ? [{ name: `${fromNothing.series} series from nothing, in proportion`, value: scaled, unit: 'ms', bound: 'atMost', limit: fromNothing.milliseconds } satisfies Figure] : []),
    ],
    notes: [
      `By seed, F1: ${rounds.map(({ seed, own }) => `${seed} ${own.f1.toFixed(3)}`).join(', ')}; precision ${two(middle(rounds, ({ own }) => own.precision))}, recall ${two(middle(rounds, ({ own }) => own.recall))} (medians).`,
      kindsNote(rounds),
      ...rounds[0]!.plain.map((_, at) => peerNote(rounds, ({ plain }) => plain[at]!)),
      peerNote(rounds, ({ known }) => known),
      `Hard means that the best F1 of ${judged} is ${two(low)} to ${two(high)}: ${rounds.map(({ hardness }) => two(hardness.f1)).join(', ')}.`,
    ],
  };
}

export const detector: Bench = {
  name: 'detector',
  summary: 'anomalies found and false alarms on labelled series, against plain detectors',
  run: async (context) => [await compare(context, 'day'), await compare(context, 'hour')],
};
