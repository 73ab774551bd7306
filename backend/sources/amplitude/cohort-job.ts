import { z } from 'zod';
import type { LocalText } from '../../../shared/language.ts';
import { pause, type AmplitudeApi } from './api.ts';
import type { UseWindow } from '../source-ledger.ts';
import type { CohortList } from './cohort-list.ts';
import type { WaitRules } from './places.ts';
import type { CohortBody } from './step-bodies.ts';
import { momentWords, problems } from './words.ts';

const requested = z.object({ request_id: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/), cohort_id: z.string() });
const progress = z.object({ cohort_id: z.string().nullish(), async_status: z.string().nullish() });

/** Amplitude's limit for downloads of a project in ten minutes. */
const tenMinutes: UseWindow = { limit: 60, per: { seconds: 600 } };
const firstPauseSeconds = 1;
const slowestPauseSeconds = 5;
const longestJobSeconds = 600;
/** A request that did not finish in time is asked about again rather than made anew. */
const requestKeptSeconds = 3_600;
const unknownKeptSeconds = 600;

/** Steps one and two of a download: Amplitude is asked to prepare a cohort, and asked whether it is ready. */
export class CohortJobs {
  readonly #api: AmplitudeApi;
  readonly #list: CohortList;
  readonly #zone: string;

  constructor(api: AmplitudeApi, list: CohortList, zone: string) {
    this.#api = api;
    this.#list = list;
    this.#zone = zone;
  }

  /** The id of a request whose file is ready. */
  async ready(body: CohortBody, name: string, rules: WaitRules): Promise<string> {
    const earlier = z.string().safeParse(await this.#api.ledger.recall(`${name}:request`)).data;
    if (earlier !== undefined && (await this.#finished(earlier, body.cohort, name, { ...rules, isEarlier: true }))) return earlier;
    const made = await this.#request(body, rules);
    await this.#api.ledger.remember(`${name}:request`, made, requestKeptSeconds);
    await this.#finished(made, body.cohort, name, { ...rules, isEarlier: false });
    return made;
  }

  /** The request has served: the next download makes one of its own. */
  async forget(name: string): Promise<void> {
    await this.#api.ledger.remember(`${name}:request`, null, 0);
  }

  /** Throws when this cohort was not found a short while ago: asking again would cost a download. */
  async refuseUnknown(id: string): Promise<void> {
    if ((await this.#api.ledger.recall(this.#unknownNote(id))) !== undefined) throw problems.unknownCohort(id);
  }

  #unknownNote(id: string): string {
    return `${this.#api.account}:unknown:${id}`;
  }

  async #request({ cohort, properties }: CohortBody, rules: WaitRules): Promise<string> {
    await this.#takeUse(rules);
    const query: [string, string][] = properties.length === 0 ? [['props', '0']] : [['props', '1'], ...properties.map((key): [string, string] => ['propKeys', key])];
    const answer = await this.#api.answer(`/api/5/cohorts/request/${encodeURIComponent(cohort)}`, query, rules, 'counted');
    if ([400, 403, 404].includes(answer.status)) {
      // The keys are good: the list was just read with them.
      await this.#api.ledger.remember(this.#unknownNote(cohort), true, unknownKeptSeconds);
      throw problems.unknownCohort(cohort);
    }
    this.#api.refuseFailure(answer);
    const made = this.#api.read(answer, requested);
    if (made.cohort_id !== cohort) throw problems.otherCohort(cohort);
    return made.request_id;
  }

  async #takeUse(rules: WaitRules): Promise<void> {
    const usage = await this.#list.usage(rules);
    if (usage.used >= usage.limit) throw problems.monthUsed(usage.limit, this.#words(startOfNextMonth()));
    const taken = await this.#api.ledger.take(`${this.#api.account}:downloads`, [{ limit: usage.limit, per: 'month' }, tenMinutes]);
    if (taken.taken) return;
    if (taken.window.per === 'month') throw problems.monthUsed(taken.window.limit, this.#words(taken.freeAt));
    throw problems.rateUsed(taken.window.limit, this.#words(taken.freeAt));
  }

  #words(moment: Date): LocalText {
    return momentWords(moment, this.#zone);
  }

  /** Waits until the job is done; `false` when an earlier request is no longer known. */
  async #finished(id: string, cohort: string, name: string, { isEarlier, ...rules }: WaitRules & { isEarlier: boolean }): Promise<boolean> {
    const deadline = Math.min(rules.deadline, Date.now() + longestJobSeconds * 1000);
    const begun = Date.now();
    for (let seconds = firstPauseSeconds; ; seconds = Math.min(slowestPauseSeconds, seconds * 1.3)) {
      const answer = await this.#api.answer(`/api/5/cohorts/request-status/${encodeURIComponent(id)}`, [], rules);
      if (isEarlier && [400, 404, 410].includes(answer.status)) return false;
      this.#api.refuseFailure(answer);
      const { async_status: state, cohort_id: of } = this.#api.read(answer, progress);
      if (of !== null && of !== undefined && of !== cohort) throw problems.otherCohort(cohort);
      if (answer.status === 200) {
        if (state === 'JOB COMPLETED') return true;
        await this.forget(name);
        throw problems.jobFailed(cohort);
      }
      if (answer.status !== 202) throw problems.unexpected(this.#api.name, new Error(`status ${answer.status} of a job`));
      if (Date.now() + seconds * 1000 >= deadline) throw problems.notReady(cohort, Math.max(1, Math.round((Date.now() - begun) / 60_000)));
      await pause(seconds, rules.signal);
    }
  }
}

function startOfNextMonth(): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}
