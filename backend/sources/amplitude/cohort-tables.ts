import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { localText, type LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import { withCasts } from '../../workbench/cast-types.ts';
import { quotedName } from '../../workbench/sql-text.ts';
import type { QueryContext, StoredTable, Workbench } from '../../workbench/workbench.ts';
import type { BoundStep } from '../source.ts';
import type { AmplitudeApi, AmplitudeSettings } from './api.ts';
import { cleanCohortFile, type CohortCounts } from './cohort-file.ts';
import { CohortJobs } from './cohort-job.ts';
import type { Cohort, CohortList } from './cohort-list.ts';
import { FileTransfer, transferProblem } from './file-transfer.ts';
import { placeFor, type WaitRules } from './places.ts';
import { cohortColumns, csvShape, type CohortBody } from './step-bodies.ts';
import { BrokenFile, momentWords, problems } from './words.ts';

/** What is recorded beside a kept table. */
const keptContent = z.object({
  rows: z.number(),
  /** Rows of the file, repeats included. */
  fileRows: z.number().optional(),
  /** Users that Amplitude counted. */
  size: z.number().nullish(),
  /** When Amplitude had computed what the file holds; `null` for a cohort that no list names. */
  computedAt: z.string().nullable(),
  downloadedAt: z.string(),
  notices: z.array(localText),
});
type Kept = z.infer<typeof keptContent> & { tableId: string };

export interface CohortParts {
  api: AmplitudeApi;
  list: CohortList;
  workbench: Workbench;
  timeZone: string;
  settings: AmplitudeSettings;
  keepDays: number;
}

const day = 86_400;
/** Amplitude's limit for downloads of a project side by side. */
const downloadsAtOnce = 4;
const transferAttempts = 3;
/** A cohort of which no list says when it was computed is downloaded again after this time. */
const unlistedMinutes = 60;
const largestCohort = 10_000_000;
const loadingSeconds = 7_200;

/** Cohorts as tables: downloaded once for each time that Amplitude computed them, and kept for the runs that follow. */
export class CohortTables {
  readonly #parts: CohortParts;
  readonly #jobs: CohortJobs;
  readonly #transfer: FileTransfer;

  constructor(parts: CohortParts) {
    this.#parts = parts;
    this.#jobs = new CohortJobs(parts.api, parts.list, parts.timeZone);
    this.#transfer = new FileTransfer(parts.api);
  }

  async run(body: CohortBody, step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable> {
    const rules = { signal: context.signal, deadline: Date.now() + context.limits.timeSeconds * 1000 };
    const name = nameOf(this.#parts.api.account, body);
    const earlier = await this.#kept(name);
    const cohort = await this.#known(body.cohort, earlier, rules);
    if (cohort instanceof Problem) {
      const late = earlier !== undefined && isEnough(earlier, undefined, body) ? await this.#copyIfThere(earlier, { body, step, tableId, context, notices: [lateWords] }) : undefined;
      if (late === undefined) throw cohort;
      return late;
    }
    if (cohort?.archived === true) throw problems.archived(labelOf(cohort, body.cohort));
    context.progress?.({ readRows: 0, totalRows: cohort?.size ?? 0, elapsedMs: 0 });
    if (earlier !== undefined && isCurrent(earlier, cohort) && isEnough(earlier, cohort, body)) {
      const copied = await this.#copyIfThere(earlier, { body, step, tableId, context, notices: [] });
      if (copied !== undefined) return copied;
    }
    if (cohort === undefined) await this.#jobs.refuseUnknown(body.cohort);
    return this.#downloaded({ body, step, tableId, context, notices: [] }, { name, cohort, rules, seen: earlier?.tableId });
  }

  /** The cohort in the list; the problem when Amplitude is down and an earlier download can serve instead. */
  async #known(id: string, earlier: Kept | undefined, rules: WaitRules): Promise<Cohort | undefined | Problem> {
    try {
      return await this.#parts.list.one(id, rules);
    } catch (error) {
      if (error instanceof Problem && error.code !== 'interrupted' && earlier !== undefined) return error;
      throw error;
    }
  }

  async #kept(name: string): Promise<Kept | undefined> {
    const kept = await this.#parts.api.ledger.keptTable(name);
    const content = keptContent.safeParse(kept?.content);
    return kept === undefined || !content.success ? undefined : { ...content.data, tableId: kept.tableId };
  }

  /** One backend downloads a cohort; others that want it wait and take what came. */
  async #downloaded(wanted: Wanted, { name, cohort, rules, seen }: { name: string; cohort: Cohort | undefined; rules: WaitRules; seen: string | undefined }): Promise<StoredTable> {
    const { api } = this.#parts;
    const turn = await placeFor(api, `turn:${name}`, 1, rules);
    try {
      const meanwhile = await this.#kept(name);
      const copied = meanwhile === undefined || meanwhile.tableId === seen || !isEnough(meanwhile, cohort, wanted.body) ? undefined : await this.#copyIfThere(meanwhile, wanted);
      if (copied !== undefined) return copied;
      const place = await placeFor(api, 'downloads-at-once', downloadsAtOnce, rules);
      try {
        const kept = await this.#download(wanted, { name, cohort, rules });
        return await this.#copy(kept, wanted);
      } finally {
        await place.release();
      }
    } finally {
      await turn.release();
    }
  }

  async #download({ body, context }: Wanted, { name, cohort, rules }: { name: string; cohort: Cohort | undefined; rules: WaitRules }): Promise<Kept> {
    const { api, keepDays } = this.#parts;
    const request = await this.#jobs.ready(body, name, rules);
    for (let attempt = 1; ; attempt += 1) {
      const tableId = `cohort_${randomUUID().replaceAll('-', '')}`;
      await api.ledger.beginTable(name, tableId, loadingSeconds);
      try {
        const content = await this.#transferred(request, { body, context, cohort, tableId, rules });
        await this.#jobs.forget(name);
        await api.ledger.keepTable(tableId, content, keepDays * day);
        return { ...content, tableId };
      } catch (error) {
        await this.#discard(tableId);
        if (!(error instanceof BrokenFile) || attempt === transferAttempts || rules.signal.aborted) throw error;
      }
    }
  }

  async #transferred(request: string, { body, context, cohort, tableId, rules }: Omit<Wanted, 'step' | 'notices'> & { cohort: Cohort | undefined; rules: WaitRules }): Promise<z.infer<typeof keptContent>> {
    const { workbench, settings } = this.#parts;
    const keys = { username: settings.key, password: settings.secret };
    const file = await this.#transfer.open(`/api/5/cohorts/request/${encodeURIComponent(request)}/file`, keys, rules);
    // The job is done: what the list says from now on is as new as the file.
    const listed = this.#parts.list.one(body.cohort, rules, true).catch(() => cohort);
    const clean = cleanCohortFile(file.text, body.properties, cohort?.size ?? 0);
    const progress = context.progress;
    const loading: QueryContext = {
      ...context,
      queryId: `${context.queryId}-load`,
      limits: { ...context.limits, rows: largestCohort },
      ...(progress === undefined ? {} : { progress: (now) => progress({ ...now, totalRows: cohort?.size ?? now.totalRows }) }),
    };
    const table = await workbench.load(clean.rows, csvShape(body.properties), tableId, loading).catch((error: unknown) => {
      throw transferProblem(error);
    });
    const after = await listed;
    if (!clean.endedWithNewline() && clean.counts.rows > 0 && !(file.isProven() && after?.size === clean.counts.rows))
      throw problems.truncated({ ru: 'последняя строка не закончена', en: 'its last row is not finished' });
    await this.#refuseTooFew(clean.counts, { body, cohort: after, tableId });
    const downloadedAt = new Date().toISOString();
    return { rows: table.rows, fileRows: clean.counts.rows, size: after?.size ?? null, computedAt: after?.computedAt ?? null, downloadedAt, notices: [this.#madeWords(after, body.cohort, downloadedAt), ...countWords(clean.counts)] };
  }

  async #refuseTooFew({ rows }: CohortCounts, { body, cohort, tableId }: { body: CohortBody; cohort: Cohort | undefined; tableId: string }): Promise<void> {
    const size = cohort?.size ?? 0;
    if (rows >= size * body.atLeast) return;
    await this.#jobs.forget(nameOf(this.#parts.api.account, body));
    await this.#parts.workbench.drop([tableId]);
    throw problems.tooFew({ rows, size, share: body.atLeast, label: labelOf(cohort, body.cohort) });
  }

  /** A failed load has dropped its own table already; one that was whole has not. */
  async #discard(tableId: string): Promise<void> {
    await this.#parts.workbench.drop([tableId]).catch(() => undefined);
    await this.#parts.api.ledger.forgetTable(tableId);
  }

  /** `undefined` when the kept table is no longer in the workbench. */
  async #copyIfThere(kept: Kept, wanted: Wanted): Promise<StoredTable | undefined> {
    const there = await this.#parts.workbench.storedTableIds();
    if (there.includes(kept.tableId)) return this.#copy(kept, wanted);
    await this.#parts.api.ledger.forgetTable(kept.tableId);
    return undefined;
  }

  async #copy({ tableId: from, notices: known }: Kept, { body, step, tableId, context, notices }: Wanted): Promise<StoredTable> {
    const { workbench } = this.#parts;
    const columns = cohortColumns(body.properties);
    const table: StoredTable = { id: from, columns, rows: 0, notices: [] };
    // Types that change have to be read and written anew; the usual `(user_id: string)` changes none.
    const typed = withCasts(columns, step.casts);
    if (typed.every(({ engineType }, at) => engineType === columns[at]?.engineType)) return { ...(await workbench.copy(table, tableId, context)), notices: [...notices, ...known] };
    const sql = `SELECT ${columns.map((column) => quotedName(column.name)).join(', ')} FROM ${workbench.tableReference(table)} ORDER BY _row`;
    const query = { sql, parameters: {}, ...(step.casts === undefined ? {} : { casts: step.casts }) };
    const stored = await workbench.store(query, { database: '', databases: [], tables: [table] }, tableId, context);
    return { ...stored, notices: [...notices, ...known, ...stored.notices] };
  }

  #madeWords(cohort: Cohort | undefined, id: string, downloadedAt: string): LocalText {
    const label = labelOf(cohort, id);
    const loaded = momentWords(new Date(downloadedAt), this.#parts.timeZone);
    const computed = cohort?.computedAt === null || cohort === undefined ? undefined : momentWords(new Date(cohort.computedAt), this.#parts.timeZone);
    return {
      ru: `Когорта ${label}: ${computed === undefined ? '' : `посчитана в Amplitude ${computed.ru}, `}выгружена ${loaded.ru}.`,
      en: `Cohort ${label}: ${computed === undefined ? '' : `computed by Amplitude ${computed.en}, `}downloaded ${loaded.en}.`,
    };
  }
}

interface Wanted {
  body: CohortBody;
  step: BoundStep;
  tableId: string;
  context: QueryContext;
  notices: LocalText[];
}

const lateWords: LocalText = {
  ru: 'Amplitude сейчас не отвечает, взята когорта из прошлой выгрузки.',
  en: 'Amplitude does not answer now; the cohort is that of an earlier download.',
};

function nameOf(account: string, { cohort, properties }: CohortBody): string {
  return `${account}:cohort:${cohort}:${createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 16)}`;
}

/** Whether a kept table holds the cohort as it is. */
function isCurrent({ computedAt, downloadedAt }: Kept, cohort: Cohort | undefined): boolean {
  if (cohort?.computedAt !== undefined && cohort.computedAt !== null) return cohort.computedAt === computedAt;
  return Date.now() - Date.parse(downloadedAt) < unlistedMinutes * 60_000;
}

/** Whether a file that served one task is whole enough for this one. */
function isEnough({ rows, fileRows = rows, size }: Kept, cohort: Cohort | undefined, { atLeast }: CohortBody): boolean {
  return fileRows >= (cohort?.size ?? size ?? 0) * atLeast;
}

function labelOf(cohort: Cohort | undefined, id: string): string {
  return cohort === undefined || cohort.name === id ? id : `«${cohort.name}» (${id})`;
}

function countWords({ rows, repeats, blank, withoutUserId }: CohortCounts): LocalText[] {
  const said: [number, LocalText][] = [
    [rows === 0 ? 1 : 0, { ru: 'Когорта пуста.', en: 'The cohort is empty.' }],
    [withoutUserId, { ru: `Без user_id (не входили в приложение): ${withoutUserId.toLocaleString('ru')}. Строки оставлены, user_id в них пуст.`, en: `Without user_id (never signed in): ${withoutUserId.toLocaleString('en')}. Their rows are kept with an empty user_id.` }],
    [repeats, { ru: `Повторы убраны: ${repeats.toLocaleString('ru')}.`, en: `Repeats left out: ${repeats.toLocaleString('en')}.` }],
    [blank, { ru: `Пустые строки пропущены: ${blank.toLocaleString('ru')}.`, en: `Blank rows left out: ${blank.toLocaleString('en')}.` }],
  ];
  return said.filter(([count]) => count > 0).map(([, words]) => words);
}
