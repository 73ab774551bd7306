import { sidesAgree, verdictOf, type Comparison, type Figure, type Side, type Unit } from './bench.ts';
import { median } from './statistics.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const units: Record<Unit, (value: number) => string> = {
  times: (value) => `${fine.format(value)} ×`,
  ms: (value) => `${value < 10 ? fine.format(value) : whole.format(value)} ms`,
  MB: (value) => `${whole.format(value)} MB`,
  count: (value) => whole.format(value),
  percent: (value) => `${whole.format(value)} %`,
  score: (value) => fine.format(value),
};

const valueOf = ({ value, unit }: Figure): string => (value === null ? '–' : units[unit](value));
const limitOf = ({ bound, limit, unit }: Figure): string => `${bound === 'atLeast' ? '≥' : '≤'} ${units[unit](limit)}`;

function timesOf({ milliseconds }: Side): string {
  if (milliseconds.length === 0) return 'no duration';
  const each = milliseconds.length > 1 && milliseconds.length <= 10 ? ` (${milliseconds.map((one) => whole.format(one)).join(', ')})` : '';
  return `${units.ms(median(milliseconds))}${milliseconds.length > 1 ? `, median of ${milliseconds.length}${each}` : ''}`;
}

const checksumOf = ({ checksum }: Side): string => (checksum === undefined ? 'no checksum' : `sha256 ${checksum.slice(0, 16)}`);
const agreement = (comparison: Comparison): string => (sidesAgree(comparison) ? '' : 'THE CHECKSUMS DIFFER: the two sides did not do the same work.');

/** A comparison for a terminal. */
export function asText(comparison: Comparison): string {
  const { title, ours, peer, figures, notes } = comparison;
  const side = (name: string, one: Side) => [`  ${name}  ${one.command}`, `        ${timesOf(one)}; ${checksumOf(one)}`];
  const width = Math.max(...figures.map(({ name }) => name.length));
  return [
    title,
    ...side('ours', ours),
    ...(peer === null ? ['  peer  none: the limit alone'] : side('peer', peer)),
    ...figures.map((figure) => `  ${figure.name.padEnd(width)}  ${valueOf(figure).padStart(10)}   ${limitOf(figure).padEnd(12)} ${verdictOf(figure)}`),
    ...notes.map((note) => `  note: ${note}`),
    ...(agreement(comparison) === '' ? [] : [`  ${agreement(comparison)}`]),
    '',
  ].join('\n');
}

export interface Surroundings {
  day: string;
  command: string;
  cores: number;
  memoryGigabytes: number;
  system: string;
  node: string;
  engine: string;
  load: string;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function section(comparison: Comparison): string {
  const { title, ours, peer, notes } = comparison;
  const row = (name: string, side: Side) => `| ${name} | ${cell(side.command)} | ${timesOf(side)} | ${side.checksum === undefined ? '–' : `\`${side.checksum.slice(0, 16)}\``} |`;
  return [
    `### ${title}`,
    '',
    '| | what ran | time | checksum |',
    '|---|---|---|---|',
    row('ours', ours),
    ...(peer === null ? [] : [row('peer', peer)]),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(agreement(comparison) === '' ? [] : ['', `**${agreement(comparison)}**`]),
    '',
  ].join('\n');
}

/** All comparisons as the page that is kept. */
export function asMarkdown(comparisons: Comparison[], { day, command, cores, memoryGigabytes, system, node, engine, load }: Surroundings): string {
  const rows = comparisons.flatMap(({ title, figures }) => figures.map((figure) => `| ${cell(title)} | ${cell(figure.name)} | ${valueOf(figure)} | ${limitOf(figure)} | ${verdictOf(figure)} |`));
  return [
    '# Benchmarks',
    '',
    `Measured on ${day} by \`${command}\`: ${cores} cores, ${memoryGigabytes} GB of memory, ${system}, Node ${node}, ${engine}; load of the machine before the start ${load}.`,
    'This page is written by that command and by nothing else. Backend, its engine and whoever asks them share these cores, so ratios',
    'travel to other machines better than times do. Times are medians of runs in turns; checksums are the first 16 digits of SHA-256.',
    '',
    '| what | figure | measured | limit | verdict |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...comparisons.map(section),
  ].join('\n');
}
