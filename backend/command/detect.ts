import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { IANAZone } from 'luxon';
import { Problem } from '../../shared/problem.ts';
import { formatFault } from '../catalog/index.ts';
import { readCalendar, type CalendarEntry } from '../monitors/calendar.ts';
import type { DetectorSettings, Direction, Grain } from '../monitors/detector/detector.ts';
import { judgeRows } from '../monitors/detector/judge-rows.ts';
import { readSeriesRows } from '../monitors/detector/series-file.ts';
import { verdictLines } from '../monitors/detector/verdict-file.ts';
import { cannotSave } from './cannot-save.ts';
import { WrongUse, type CommandInput, type PlainCommand } from './command.ts';

const usage = 'tasksheet detect --in FILE.csv [--out FILE.csv] --grain hour|day [--timezone ZONE] [--calendar FILE.yaml] [--direction both|up|down] [--json]';
const grains: readonly Grain[] = ['hour', 'day'];
const directions: readonly Direction[] = ['both', 'up', 'down'];

interface Asked {
  from: string;
  out: string | undefined;
  calendar: string | undefined;
  settings: DetectorSettings;
}

function readArguments(given: string[], timeZone: string): Asked {
  const values = parsed(given);
  if (values.in === undefined) throw new WrongUse('--in FILE.csv is needed: series,time,value[,trials].');
  const grain = grains.find((one) => one === values.grain);
  if (grain === undefined) throw new WrongUse(`--grain is hour or day, this is ${values.grain ?? 'missing'}.`);
  const direction = directions.find((one) => one === values.direction);
  if (direction === undefined) throw new WrongUse(`--direction is both, up or down, this is ${values.direction}.`);
  const zone = values.timezone ?? timeZone;
  if (!IANAZone.isValidZone(zone)) throw new WrongUse(`--timezone is a name such as Europe/Moscow, this is ${zone}.`);
  return { from: values.in, out: values.out, calendar: values.calendar, settings: { grain, timeZone: zone, direction, importance: 'normal' } };
}

function parsed(given: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: given, options: { in: text, out: text, grain: text, timezone: text, calendar: text, direction: { type: 'string', default: 'both' }, json: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function notReadable(file: string, cause: unknown): Problem {
  return new Problem('not_found', { ru: `Файл ${file} не читается. Проверьте имя и права.`, en: `The file ${file} cannot be read. Check its name and rights.` }, { cause });
}

async function readCalendarFile(file: string, timeZone: string): Promise<CalendarEntry[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw notReadable(file, cause);
  });
  const { entries, faults } = readCalendar(text, basename(file), timeZone);
  if (faults.length === 0) return entries;
  const told = faults.map(formatFault).join('\n');
  throw new Problem('invalid_request', { ru: `В календаре ошибки:\n${told}`, en: `The calendar has faults:\n${told}` });
}

async function judgeFile(file: string, settings: DetectorSettings, calendar: readonly CalendarEntry[], signal: AbortSignal) {
  const rows = await readSeriesRows(createReadStream(file), { grain: settings.grain, timeZone: settings.timeZone, signal });
  return { rows, judged: await judgeRows(rows, settings, calendar, signal) };
}

function stopped(cause: unknown): Problem {
  return new Problem('interrupted', { ru: 'Остановлено.', en: 'Stopped.' }, { cause });
}

/** Writes beside the file and renames at the end, so that a failure never leaves a short file under its name. */
async function save(lines: Iterable<string>, out: string, signal: AbortSignal): Promise<void> {
  const partial = `${out}.part`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(partial), { signal });
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw signal.aborted ? stopped(error) : cannotSave(out, error);
  }
}

function print(lines: Iterable<string>, { output }: CommandInput): void {
  for (const chunk of lines) if (chunk !== '') output.line(chunk.replace(/\n$/, ''));
}

/** Judges a file of series as the monitors would have, bucket by bucket. */
export const detect: PlainCommand = {
  name: 'detect',
  usage,
  summary: 'Find anomalies in any CSV of series',
  needs: 'nothing',
  run: async (config, input) => {
    const { from, out, calendar, settings } = readArguments(input.arguments, config.timeZone);
    const file = resolve(input.workingDirectory, from);
    await stat(file).catch((cause: unknown) => {
      throw notReadable(file, cause);
    });
    const entries = calendar === undefined ? [] : await readCalendarFile(resolve(input.workingDirectory, calendar), settings.timeZone);
    const { rows, judged } = await judgeFile(file, settings, entries, input.signal).catch((error: unknown) => {
      throw input.signal.aborted ? stopped(error) : error;
    });
    for (const warning of rows.warnings) input.output.warn(warning[config.language]);
    if (out === undefined) {
      print(verdictLines(rows, judged), input);
      return 0;
    }
    const target = resolve(input.workingDirectory, out);
    await save(verdictLines(rows, judged), target, input.signal);
    const summary = { series: rows.names.length, rows: rows.count, alerts: judged.alerts, out: target };
    input.output.line(input.output.json ? JSON.stringify(summary) : `series: ${summary.series} · rows: ${summary.rows} · alerts: ${summary.alerts} · ${target}`);
    return 0;
  },
};
