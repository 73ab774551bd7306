import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { QueryContext, StoredTable } from '../workbench/workbench.ts';
import { AmplitudeApi } from './amplitude/api.ts';
import { CohortList } from './amplitude/cohort-list.ts';
import { CohortTables } from './amplitude/cohort-tables.ts';
import { eventList, eventTotals, jsonRows, type Rows } from './amplitude/events.ts';
import { isLoopback } from './amplitude/public-address.ts';
import { columnsOf, stepShapes, type AmplitudeBody } from './amplitude/step-bodies.ts';
import { problems } from './amplitude/words.ts';
import { secret } from './secret.ts';
import type { BoundStep, Source, SourceKind, SourceParts, SourceState } from './source.ts';
import { readYamlStep, yamlPlaceholder } from './yaml-step.ts';

const settings = z.strictObject({
  region: z.enum(['us', 'eu']),
  key: secret(),
  secret: secret(),
  /** Instead of Amplitude's own address: a proxy of the company over HTTPS, or a stand-in on this machine. */
  url: z.url().refine(isSafeAddress, 'https, or http on this machine only').optional(),
  /** Zone of the Amplitude project: its days are counted in it. The company's own when absent. */
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'an IANA time zone such as Europe/Moscow').optional(),
  /** How long a downloaded cohort serves while Amplitude does not compute it anew. */
  keepDays: z.number().int().min(1).max(30).default(3),
  /** Downloads of cohorts that the plan allows a month; what Amplitude says itself goes before it. */
  monthlyDownloads: z.number().int().min(1).default(500),
});
type Settings = z.infer<typeof settings>;

function isSafeAddress(address: string): boolean {
  const { protocol, hostname, username, password } = new URL(address);
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
}

const lookUpSeconds = 20;
const warnedShare = 0.8;

/** Amplitude: cohorts as tables of users, the list of events, and daily totals of an event. Steps are YAML. */
export const amplitudeSource: SourceKind<Settings> = {
  kind: 'amplitude',
  language: 'yaml',
  settings,
  open: (given, parts) => openAmplitude(given, parts),
};

function openAmplitude(given: Settings, { name, workbench, timeZone, ledger }: SourceParts): Source {
  if (ledger === undefined) throw new Problem('not_ready', { ru: `Источнику «${name}» нужна база состояния: в ней общий счёт выгрузок.`, en: `Source “${name}” needs the state database: the common count of downloads is there.` });
  const api = new AmplitudeApi({ name, settings: given, ledger });
  const list = new CohortList(api, given.monthlyDownloads);
  const zone = given.timeZone ?? timeZone;
  const cohorts = new CohortTables({ api, list, workbench, timeZone, settings: given, keepDays: given.keepDays });
  const read = (step: BoundStep): AmplitudeBody => readYamlStep(step, stepShapes);

  const keep = async (rows: Promise<Rows>, asked: AmplitudeBody, { step, tableId, context }: { step: BoundStep; tableId: string; context: QueryContext }): Promise<StoredTable> => {
    const { rows: found, notices } = await rows;
    const shape = { format: 'JSONCompactEachRow' as const, columns: columnsOf(asked), ...(step.casts === undefined ? {} : { casts: step.casts }) };
    const table = await workbench.load(jsonRows(found), shape, tableId, context);
    return { ...table, notices: [...notices, ...table.notices] };
  };

  return {
    language: 'yaml',
    placeholder: yamlPlaceholder,
    stepReference: (earlier) => {
      throw new Problem('query_refused', { ru: `Шаг на Amplitude не читает другие шаги, а здесь steps.${earlier}.`, en: `A step on Amplitude reads no other steps, and this reads steps.${earlier}.` });
    },
    run: async (step, tableId, context) => {
      const asked = read(step);
      const rules = { signal: context.signal, deadline: Date.now() + context.limits.timeSeconds * 1000 };
      switch (asked.kind) {
        case 'cohort':
          return cohorts.run(asked.body, step, tableId, context);
        case 'events':
          return keep(eventList(api, rules), asked, { step, tableId, context });
        case 'event':
          return keep(eventTotals(api, asked.body, zone, rules), asked, { step, tableId, context });
      }
    },
    select: () => Promise.reject(problems.noSelect()),
    describe: async (step) => columnsOf(read(step)),
    findCohorts: (search, signal) => {
      const soon = AbortSignal.timeout(lookUpSeconds * 1000);
      return list.find(search, { signal: AbortSignal.any([signal, soon]), deadline: Date.now() + lookUpSeconds * 1000 }).catch((error: unknown) => {
        throw soon.aborted && !signal.aborted ? problems.unreachable(name, error) : error;
      });
    },
    check: (signal) => checked(list, given.region, signal),
    close: () => Promise.resolve(),
  };
}

async function checked(list: CohortList, region: string, signal: AbortSignal): Promise<SourceState> {
  const started = performance.now();
  const rules = { signal, deadline: Date.now() + lookUpSeconds * 1000 };
  await list.all(rules, true);
  const latencyMs = Math.round(performance.now() - started);
  const { used, limit } = await list.usage(rules);
  const share = used / limit;
  return { version: `Behavioral Cohorts API 3 and 5 (${region})`, latencyMs, advice: [usageWords(used, limit), ...(share >= warnedShare ? [savingWords] : [])] };
}

function usageWords(used: number, limit: number): LocalText {
  return { ru: `Выгрузки когорт в этом месяце: ${used} из ${limit}.`, en: `Cohort downloads this month: ${used} of ${limit}.` };
}

const savingWords: LocalText = {
  ru: 'Выгрузки кончаются: поднимите keepDays, перенесите тяжёлые задачи на начало месяца или попросите Amplitude поднять предел.',
  en: 'Downloads run out: raise keepDays, move heavy tasks to the beginning of the month, or ask Amplitude for a higher limit.',
};
