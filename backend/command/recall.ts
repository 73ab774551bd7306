import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { sameText, type LocalText } from '../../shared/language.ts';
import type { AlertEvent } from '../alerts/index.ts';
import { localAccess } from '../access/local.ts';
import type { AffectedRun, RecallScope } from '../runs/recalls.ts';
import { WrongUse, type Output, type ProductCommand } from './command.ts';

const usage = 'tasksheet recall TASK --versions V1,V2 | --from DATE --to DATE --reason "ru text / en text" [--yes] [--json]';

function readArguments(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: { versions: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, reason: { type: 'string' }, yes: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function readReason(written: string | undefined): LocalText {
  const parts = (written ?? '').split(/\s+\/\s+/).map((part) => part.trim());
  const [ru, en] = parts;
  if (parts.length !== 2 || ru === undefined || en === undefined || ru === '' || en === '')
    throw new WrongUse('--reason is what people read in the pane, in both languages: --reason "сумма считалась с НДС / the sum included VAT".');
  return { ru, en };
}

function readDay(name: string, written: string | undefined): string | undefined {
  if (written !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(written) || !DateTime.fromISO(written).isValid)) throw new WrongUse(`--${name} needs a day such as 2026-11-20, this is ${written}.`);
  return written;
}

function readVersions(written: string | undefined): string[] | undefined {
  const versions = written?.split(',').map((version) => version.trim()).filter((version) => version !== '');
  const short = versions?.find((version) => version.length < 4);
  if (short !== undefined) throw new WrongUse(`--versions: ${short} is too short, give at least 4 characters of a version.`);
  return versions?.length === 0 ? undefined : versions;
}

function printRuns(runs: AffectedRun[], timeZone: string, output: Output): void {
  for (const { number, person, version, createdAt, downloads, recalled } of runs) {
    const when = DateTime.fromJSDate(createdAt, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
    output.line(`№ ${number}  ${when}  ${person}  ${version}${downloads > 0 ? `  downloads by link: ${downloads}` : ''}${recalled ? '  recalled already' : ''}`);
  }
}

/** For the channel: which task, why, how many results; who has them hears of it in the pane. */
function newsOf(taskId: string, title: LocalText, reason: LocalText, runs: AffectedRun[]): AlertEvent {
  const numbers = runs.map(({ number }) => number).sort();
  return {
    key: `recall/${taskId}/${numbers[0] ?? ''}/${numbers.at(-1) ?? ''}/${numbers.length}`,
    tone: 'trouble',
    title: { ru: `Отозваны результаты задачи «${title.ru}»: ${numbers.length}`, en: `Results of “${title.en}” were recalled: ${numbers.length}` },
    lines: [reason],
  };
}

/** Marks results that were wrong and tells their people in the pane. Without `--yes` it only shows which. */
export const recall: ProductCommand = {
  name: 'recall',
  usage,
  summary: 'Mark results that were wrong and tell their people; shows which, and does it with --yes',
  needs: 'product',
  inData: true,
  run: async ({ alerts, catalog, recalls, timeZone }, { arguments: given, output }) => {
    const { values, positionals } = readArguments(given);
    const [written, ...rest] = positionals;
    if (written === undefined || rest.length > 0) throw new WrongUse('Exactly one task is needed.');
    const scope: RecallScope = { taskId: catalog.task(written)?.id ?? written, versions: readVersions(values.versions), from: readDay('from', values.from), to: readDay('to', values.to) };
    if (scope.versions === undefined && scope.from === undefined && scope.to === undefined) throw new WrongUse('Say which runs: --versions, or --from and --to (days, both inclusive).');
    const reason = readReason(values.reason);
    const runs = values.yes ? await recalls.recall(scope, reason, localAccess().person) : await recalls.affected(scope);
    const people = new Set(runs.filter(({ recalled }) => values.yes || !recalled).map(({ person }) => person)).size;
    const fresh = runs.filter(({ recalled }) => !recalled).length;
    if (values.yes && fresh > 0) await alerts.notify(newsOf(scope.taskId, catalog.task(scope.taskId)?.title ?? sameText(scope.taskId), reason, runs.filter(({ recalled }) => !recalled)));
    if (output.json) {
      output.line(JSON.stringify({ done: values.yes, reason, people, runs }));
      return 0;
    }
    printRuns(runs, timeZone, output);
    if (fresh === 0) output.line(values.yes ? 'No run was left to recall.' : 'There is no such run that is not recalled already.');
    else if (values.yes) output.line(`Recalled: ${fresh} runs of ${people} people. They are told in the pane; nothing was deleted.`);
    else output.line(`${fresh} runs of ${people} people would be recalled. Say it again with --yes to do it.`);
    return 0;
  },
};
