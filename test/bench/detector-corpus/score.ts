import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { judge, judgePlain, type Judged } from './baselines.ts';
import type { Grain } from './calendar.ts';
import { ceiling } from './ceiling.ts';
import { anomalyKinds, type Corpus } from './corpus.ts';
import { decomposition, decompositionName } from './decomposition.ts';
import { detect, ownDetector, type Detected } from './detect.ts';
import { writeCorpus } from './files.ts';
import { generateCorpus } from './generate.ts';
import { hardnessOf } from './hardness.ts';
import { score, type Score } from './scoring.ts';

const usage = `npx tsx test/bench/detector-corpus/score.ts --seed N --grain hour|day

  --detector "COMMAND"  instead of: ${ownDetector}
  --no-detector         only the plain detectors and how hard the corpus is
  --no-baselines        only the detector
  --keep DIR            keeps corpus, labels, the detector's output and verdicts.json there`;

const two = (value: number): string => value.toFixed(2);

function line(name: string, { f1, precision, recall, falseAlarmsPerSeriesYear, faint }: Score): string {
  const cells = [`F1 ${f1.toFixed(3)}`, `precision ${two(precision)}`, `recall ${two(recall)}`, `faint ${faint.found}/${faint.planted}`, `false alarms per series-year ${two(falseAlarmsPerSeriesYear)}`];
  return `${name.padEnd(44)} ${cells.join('   ')}`;
}

const kindsOf = ({ kinds }: Score): string => anomalyKinds.map((kind) => `${kind} ${kinds[kind].found}/${kinds[kind].planted}`).join(' · ');

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function sayJudged({ name, usual, usualThreshold, best, bestThreshold }: Judged): void {
  say(line(`${name}, at ${two(usualThreshold)}`, usual));
  say(line(`${name}, best at ${two(bestThreshold)}`, best));
}

/** How the detector's own score would do at other limits than 1. */
function saySweep(corpus: Corpus, { scores, alerts }: Detected): void {
  for (const limit of [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 2]) {
    const beyond = new Map([...scores].map(([name, values]) => [name, Uint8Array.from(values, (value) => (value >= limit ? 1 : 0))]));
    say(line(`  score ≥ ${two(limit)}`, score(corpus, beyond)));
  }
  const differing = [...scores].reduce((sum, [name, values]) => sum + values.reduce((count, value, at) => count + (value >= 1 === (alerts.get(name)![at] === 1) ? 0 : 1), 0), 0);
  if (differing > 0) say(`  ${differing} rows have alert and score ≥ 1 disagree`);
}

async function keepVerdicts(corpus: Corpus, { found, falseEpisodes }: Score, folder: string): Promise<void> {
  const when = (at: number): string | null => corpus.times[at] ?? null;
  const anomalies = corpus.anomalies.map((anomaly, at) => ({ ...anomaly, start: when(anomaly.start), end: when(anomaly.end), tail: when(anomaly.tail), found: found[at] }));
  const falseAlarms = falseEpisodes.map((episode) => ({ ...episode, start: when(episode.start), last: when(episode.last) }));
  await writeFile(join(folder, `${corpus.grain}-${corpus.seed}-verdicts.json`), `${JSON.stringify({ anomalies, falseAlarms }, null, 1)}\n`);
}

interface Asked {
  seed: number;
  grain: Grain;
  detector: string | null;
  baselines: boolean;
  keep: string | undefined;
}

const wrongUse = (error: unknown): boolean => error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

function parse(given: string[]): Asked | null {
  const { values } = parseArgs({
    args: given,
    options: { seed: { type: 'string' }, grain: { type: 'string' }, detector: { type: 'string' }, 'no-detector': { type: 'boolean' }, 'no-baselines': { type: 'boolean' }, keep: { type: 'string' } },
  });
  const { seed, grain } = values;
  if (seed === undefined || !/^\d+$/.test(seed) || (grain !== 'hour' && grain !== 'day')) return null;
  return { seed: Number(seed), grain, detector: values['no-detector'] ? null : (values.detector ?? ownDetector), baselines: !values['no-baselines'], keep: values.keep };
}

async function sayBaselines(corpus: Corpus): Promise<void> {
  const plain = [...judgePlain(corpus), judge(decompositionName, corpus, await decomposition(corpus), 3)];
  plain.forEach(sayJudged);
  const known = judge('whoever knew the truth', corpus, ceiling(corpus), 6);
  say(line(`${known.name}, best at ${two(known.bestThreshold)}`, known.best));
  const { judged, f1, low, high, hard } = hardnessOf(corpus.grain, plain);
  say(`hardness: best ${judged} F1 ${f1.toFixed(3)}, wanted ${two(low)} to ${two(high)}: ${hard ? 'the corpus counts' : 'THE CORPUS DOES NOT COUNT'}`);
}

async function sayDetector(corpus: Corpus, command: string, folder: string): Promise<void> {
  const detected = await detect(command, corpus, await writeCorpus(corpus, folder));
  const own = score(corpus, detected.alerts);
  say(line('detector', own));
  say(`  ${kindsOf(own)}`);
  say(`  ${own.falseAlarms} false alarms in ${own.seriesYears.toFixed(1)} series-years; ${detected.seconds.toFixed(1)} s`);
  saySweep(corpus, detected);
  await keepVerdicts(corpus, own, folder);
}

async function main(given: string[]): Promise<number> {
  const asked = parse(given);
  if (asked === null) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const corpus = generateCorpus(asked.seed, asked.grain);
  say(`seed ${asked.seed}, ${asked.grain}, ${corpus.zone} from ${corpus.times[0]!.slice(0, 10)}: ${corpus.series.length} series, ${corpus.anomalies.length} anomalies, ${corpus.anomalies.filter(({ faint }) => faint).length} faint`);
  const folder = asked.keep === undefined ? await mkdtemp(join(tmpdir(), 'tasksheet-corpus-')) : resolve(asked.keep);
  await mkdir(folder, { recursive: true });
  try {
    if (asked.detector !== null) await sayDetector(corpus, asked.detector, folder);
    else if (asked.keep !== undefined) await writeCorpus(corpus, folder);
    if (asked.baselines) await sayBaselines(corpus);
  } finally {
    if (asked.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!wrongUse(error)) throw error;
  process.stderr.write(`${String(error)}\n\n${usage}\n`);
  return 2;
});
