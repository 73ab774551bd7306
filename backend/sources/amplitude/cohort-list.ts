import { z } from 'zod';
import { cohortIdIn, type CohortAnswer, type CohortView } from '../../../shared/fields/cohort.ts';
import type { AmplitudeApi } from './api.ts';
import { unlessStopped, type WaitRules } from './places.ts';

const flag = z.boolean().nullish();
const seconds = z.number().nonnegative().nullish();

/** Of the documented answer only what is used; many fields are null, and others may be added. */
const listShape = z.object({
  cohorts: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullish(),
      size: z.number().nonnegative().nullish(),
      lastComputed: seconds,
      archived: flag,
      finished: flag,
      hidden: flag,
    }),
  ),
});

/** Not documented in its shape: whatever else comes is as good as nothing. */
const usageShape = z.object({ rest_download: z.object({ limit: z.number().positive(), usage: z.number().nonnegative(), resets_at: z.number().nullish() }) });

export interface Usage {
  limit: number;
  used: number;
}

export interface Cohort extends CohortView {
  hidden: boolean;
}

const heldMs = 60_000;
const listSeconds = 90;
const usageHeldMs = 600_000;
const shown = 20;

/** Published cohorts of the project, asked for at most once a minute. */
export class CohortList {
  readonly #api: AmplitudeApi;
  readonly #monthly: number;
  #held: { at: number; list: Promise<Cohort[]> } | undefined;
  #usage: { at: number; usage: Usage | undefined } | undefined;

  constructor(api: AmplitudeApi, monthly: number) {
    this.#api = api;
    this.#monthly = monthly;
  }

  /** `fresh` asks Amplitude again. */
  async all(rules: WaitRules, fresh = false): Promise<Cohort[]> {
    const now = Date.now();
    if (!fresh && this.#held !== undefined && now - this.#held.at < heldMs) return unlessStopped(this.#held.list, rules.signal);
    // Several wait for one answer, so it is nobody's to stop.
    const list = this.#read({ signal: AbortSignal.timeout(listSeconds * 1000), deadline: now + listSeconds * 1000 });
    list.catch(() => undefined);
    const held = { at: now, list };
    this.#held = held;
    try {
      return await unlessStopped(list, rules.signal);
    } catch (error) {
      if (this.#held === held && !rules.signal.aborted) this.#held = undefined;
      throw error;
    }
  }

  async one(id: string, rules: WaitRules, fresh = false): Promise<Cohort | undefined> {
    return (await this.all(rules, fresh)).find((cohort) => cohort.id === id);
  }

  /** Downloads of this month: what Amplitude says, which counts other programs too, or what we have counted ourselves. */
  async usage(rules: WaitRules): Promise<Usage> {
    const [said, counted] = await Promise.all([this.#said(rules), this.#api.ledger.usesThisMonth(`${this.#api.account}:downloads`)]);
    return said === undefined ? { used: counted, limit: this.#monthly } : { used: Math.max(said.used, counted), limit: said.limit };
  }

  /** Cohorts for a field: by id or address, or by words of the name. */
  async find(search: string, rules: WaitRules): Promise<CohortAnswer> {
    const [list, downloads] = await Promise.all([this.all(rules), this.usage(rules)]);
    const id = cohortIdIn(search);
    const byId = id === undefined ? undefined : list.find((cohort) => cohort.id === id);
    if (byId !== undefined) return { found: [viewOf(byId)], more: false, unlisted: false, downloads };
    const words = plain(search).split(/\s+/).filter((word) => word !== '');
    const offered = list.filter((cohort) => !cohort.archived && !cohort.hidden && words.every((word) => plain(cohort.name).includes(word)));
    const newest = offered.toSorted((one, other) => (other.computedAt ?? '').localeCompare(one.computedAt ?? ''));
    return { found: newest.slice(0, shown).map(viewOf), more: newest.length > shown, unlisted: id !== undefined && newest.length === 0, downloads };
  }

  async #read(rules: WaitRules): Promise<Cohort[]> {
    const { cohorts } = await this.#api.json('/api/3/cohorts', [], listShape, rules);
    return cohorts.map(({ id, name, size, lastComputed, archived, finished, hidden }) => ({
      id,
      name: name ?? id,
      size: size === null || size === undefined ? null : Math.round(size),
      computedAt: lastComputed === null || lastComputed === undefined || lastComputed === 0 ? null : new Date(lastComputed * 1000).toISOString(),
      archived: archived === true,
      finished: finished !== false,
      hidden: hidden === true,
    }));
  }

  async #said(rules: WaitRules): Promise<Usage | undefined> {
    const now = Date.now();
    if (this.#usage !== undefined && now - this.#usage.at < usageHeldMs) return this.#usage.usage;
    const usage = await this.#askUsage(rules);
    this.#usage = { at: now, usage };
    return usage;
  }

  /** An address that not every plan has: any failure means that we count alone. */
  async #askUsage({ signal, deadline }: WaitRules): Promise<Usage | undefined> {
    const soon = { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), deadline };
    const answer = await this.#api.answer('/api/3/cohorts/usage', [], soon, 'counted').catch(() => undefined);
    if (answer?.status !== 200) return undefined;
    try {
      const { rest_download: said } = usageShape.parse(JSON.parse(answer.text));
      return { limit: Math.round(said.limit), used: Math.round(said.usage) };
    } catch {
      return undefined;
    }
  }
}

function viewOf({ id, name, size, computedAt, archived, finished }: Cohort): CohortView {
  return { id, name, size, computedAt, archived, finished };
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').trim();
}
