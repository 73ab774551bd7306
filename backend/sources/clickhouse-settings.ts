import { Problem } from '../../shared/problem.ts';
import { EngineError } from '../workbench/engine-problem.ts';
import type { QueryLimits } from '../workbench/workbench.ts';

export type Settings = Record<string, string | number>;

/** Where a profile would cut an answer and call it good. */
const neverCut = Object.fromEntries(['timeout', 'result', 'read', 'group_by', 'sort', 'distinct', 'join', 'set', 'transfer'].map((name) => [`${name}_overflow_mode`, 'throw']));

/** What every query to a server is run with. */
export function querySettings({ timeSeconds, memoryBytes }: QueryLimits, timeZone: string): Settings {
  return {
    ...neverCut,
    max_execution_time: Math.max(1, Math.ceil(timeSeconds)),
    max_memory_usage: memoryBytes,
    session_timezone: timeZone,
    query_plan_remove_redundant_sorting: 0,
    cancel_http_readonly_queries_on_client_close: 1,
    readonly: 2,
  };
}

/** Exact numbers in JSON, whatever the profile says. */
export const exactJson: Settings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  output_format_json_escape_forward_slashes: 0,
};

const unknownSetting = 115;
const settingsForbidden = 164;
const constraintViolated = 452;

/** What a server lets its user set, found out by asking: an older one lacks some, a profile may forbid some or all. */
export class AcceptedSettings {
  readonly #refused = new Set<string>();
  #isClosed = false;

  /** True where the user may set nothing at all (`readonly = 1`). */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  of(wanted: Settings): Settings {
    return this.#isClosed ? {} : Object.fromEntries(Object.entries(wanted).filter(([name]) => !this.#refused.has(name)));
  }

  /** Whether the failure was about a setting, so that the same statement may pass without it. */
  learn(error: unknown, wanted: Settings): boolean {
    const cause = error instanceof Problem ? error.cause : undefined;
    if (!(cause instanceof EngineError) || this.#isClosed) return false;
    const isForbidden = cause.code === settingsForbidden && /setting/i.test(cause.message);
    // `readonly` itself is closed to a user who may set all others.
    if (isForbidden && !/\breadonly['"]? setting/.test(cause.message)) return (this.#isClosed = true);
    if (!isForbidden && cause.code !== unknownSetting && cause.code !== constraintViolated) return false;
    const named = Object.keys(this.of(wanted)).find((name) => new RegExp(`\\b${name}\\b`).test(cause.message));
    if (named === undefined) return false;
    this.#refused.add(named);
    return true;
  }
}
