import { setTimeout as wait } from 'node:timers/promises';
import { EngineClient, checkedQueryId, jsonLines, type EngineEndpoint, type Statement, type Transport } from '../workbench/engine-client.ts';
import { problemOf } from '../workbench/engine-problem.ts';
import type { TailReader } from '../workbench/tail-reader.ts';
import type { QueryProgress } from '../workbench/workbench.ts';
import { isOfTheWay, isReset, silent, sourceProblem } from './clickhouse-problem.ts';
import { AcceptedSettings, type Settings } from './clickhouse-settings.ts';

const aliveMs = 30_000;
const pingMs = 3_000;
const staleMs = 2_000;
const killMs = 2_000;
const killAttempts = 25;
const killPauseMs = 200;
const progressPauseMs = 500;

/** A statement with an id, so that it can be followed and stopped. */
export type NamedStatement = Statement & { queryId: string };

/** When a statement ends early. */
export interface Stop {
  signal: AbortSignal;
  timeSeconds: number;
}

export interface Following extends Stop {
  progress: ((progress: QueryProgress) => void) | undefined;
}

interface Replica {
  client: EngineClient;
  /** When it answered and failed last, by `performance.now()`. */
  answered: number;
  failed: number;
}

/**
 * A ClickHouse server, or several with the same data. Everything asked for here only reads, so a statement may be sent
 * again, to the same or the next replica, as long as nothing of its answer has been handed on.
 */
export class ClickHouseServer {
  readonly #name: string;
  readonly #replicas: Replica[];
  readonly #kills = new Set<Promise<void>>();
  readonly accepted = new AcceptedSettings();

  constructor(name: string, endpoints: EngineEndpoint[], transport: Transport) {
    this.#name = name;
    this.#replicas = endpoints.map((endpoint) => ({ client: new EngineClient(() => Promise.resolve(endpoint), {}, transport), answered: -Infinity, failed: -Infinity }));
  }

  /** A whole small answer; the server holds it back until it knows that it is good. */
  async text(statement: NamedStatement, stop: Stop): Promise<string> {
    return this.#limited(stop, (signal) =>
      this.#onReplica(statement, signal, async (client, fitted) => {
        const sent = { ...fitted, settings: { ...fitted.settings, wait_end_of_query: 1 } };
        return textOf(await this.#sent(client, sent, signal));
      }),
    );
  }

  /** Rows of a small answer. `sql` is without FORMAT. */
  async rows(statement: NamedStatement, stop: Stop): Promise<unknown[][]> {
    return jsonLines(await this.text({ ...statement, sql: `${statement.sql} FORMAT JSONCompactEachRow` }, stop));
  }

  /** An answer of any size, read by `work` as it comes. The query is stopped when `work` fails or the signal says so. */
  async stream<T>(statement: NamedStatement, { progress, ...stop }: Following, work: (rows: TailReader) => Promise<T>): Promise<T> {
    return this.#limited(stop, async (signal) => {
      const following = <V>(client: EngineClient, part: Promise<V>): Promise<V> => this.#following({ client, queryId: statement.queryId, report: progress }, part);
      const { client, rows } = await this.#onReplica(statement, signal, async (one, fitted) => ({ client: one, rows: await following(one, this.#sent(one, fitted, signal)) }));
      try {
        return await following(client, work(rows));
      } finally {
        rows.destroy();
      }
    });
  }

  async close(): Promise<void> {
    await Promise.race([Promise.all(this.#kills), wait(killMs, undefined, { ref: false })]);
    await Promise.all(this.#replicas.map(({ client }) => client.close()));
  }

  /** Turns the end of the time and the signal into the problem that a person is told. */
  async #limited<T>({ signal, timeSeconds }: Stop, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), (timeSeconds + 1) * 1000);
    try {
      return await work(AbortSignal.any([signal, over.signal]));
    } catch (error) {
      if (signal.aborted) throw problemOf('interrupted', error);
      throw over.signal.aborted ? problemOf('time_limit', error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a statement; from then on the signal stops its query in the server as well. */
  async #sent(client: EngineClient, statement: NamedStatement, signal: AbortSignal): Promise<TailReader> {
    const kill = (): void => this.#kill(client, statement.queryId);
    signal.addEventListener('abort', kill, { once: true });
    try {
      const rows = await client.stream(statement, signal);
      // Its reader may not have begun when it fails; `errored` keeps the reason.
      rows.on('error', () => undefined);
      rows.once('close', () => {
        signal.removeEventListener('abort', kill);
        if (!rows.readableEnded && !signal.aborted && !rows.errored) kill();
      });
      return rows;
    } catch (error) {
      signal.removeEventListener('abort', kill);
      throw error;
    }
  }

  async #onReplica<T>(statement: NamedStatement, signal: AbortSignal, send: (client: EngineClient, fitted: NamedStatement) => Promise<T>): Promise<T> {
    const wanted = statement.settings ?? {};
    let failure: unknown;
    for (const replica of this.#order()) {
      try {
        await this.#ping(replica, signal);
        const answer = await this.#fitted(wanted, (settings) => send(replica.client, { ...statement, settings }));
        replica.answered = performance.now();
        return answer;
      } catch (error) {
        failure = sourceProblem(this.#name, error);
        if (signal.aborted || !isOfTheWay(error)) throw failure;
        replica.failed = performance.now();
      }
    }
    throw failure;
  }

  /** Sends with the settings that the server takes; once more when a kept connection turns out to be closed, which shows at once. */
  async #fitted<T>(wanted: Settings, send: (settings: Settings) => Promise<T>): Promise<T> {
    for (let resets = 0; ; ) {
      const sent = performance.now();
      try {
        return await send(this.accepted.of(wanted));
      } catch (error) {
        if (this.accepted.learn(error, wanted)) continue;
        if (!isReset(error) || performance.now() - sent > staleMs || (resets += 1) > 1) throw error;
      }
    }
  }

  /** As the settings list them; those that have failed lately come last. */
  #order(): Replica[] {
    const now = performance.now();
    const hasFailed = ({ answered, failed }: Replica): boolean => failed > answered && now - failed < aliveMs;
    return [...this.#replicas.filter((one) => !hasFailed(one)), ...this.#replicas.filter(hasFailed)];
  }

  /** Where there are others, one that has not answered lately must do so quickly: a dead one may not even refuse. */
  async #ping(replica: Replica, signal: AbortSignal): Promise<void> {
    const isFresh = replica.answered > replica.failed && performance.now() - replica.answered < aliveMs;
    if (this.#replicas.length === 1 || isFresh) return;
    const late = AbortSignal.timeout(pingMs);
    try {
      await textOf(await replica.client.stream({ sql: 'SELECT 1' }, AbortSignal.any([signal, late])));
    } catch (error) {
      if (late.aborted) throw silent(this.#name, pingMs / 1000);
      if (isOfTheWay(error) || signal.aborted) throw error;
    }
  }

  async #following<T>({ client, queryId, report }: { client: EngineClient; queryId: string; report: ((progress: QueryProgress) => void) | undefined }, work: Promise<T>): Promise<T> {
    if (report === undefined) return work;
    const over = new AbortController();
    void this.#follow({ client, queryId, report }, over.signal);
    try {
      return await work;
    } finally {
      over.abort();
    }
  }

  /** A question that fails is only a missing report: the user may lack the right to ask. */
  async #follow({ client, queryId, report }: { client: EngineClient; queryId: string; report: (progress: QueryProgress) => void }, over: AbortSignal): Promise<void> {
    const sql = `SELECT read_rows, total_rows_approx, elapsed FROM system.processes WHERE query_id = '${checkedQueryId(queryId)}' FORMAT JSONCompactEachRow`;
    for (;;) {
      await wait(progressPauseMs, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      const answer = client.stream({ sql }, AbortSignal.any([over, AbortSignal.timeout(killMs)])).then(textOf).then(jsonLines);
      const [row] = await answer.catch(() => []);
      if (row && !over.aborted) report({ readRows: Number(row[0]), totalRows: Number(row[1]), elapsedMs: Math.round(Number(row[2]) * 1000) });
    }
  }

  /** Repeats until no such query is left: it may not have begun yet. Nobody waits for it but `close`. */
  #kill(client: EngineClient, queryId: string): void {
    const sql = `KILL QUERY WHERE query_id = '${checkedQueryId(queryId)}' ASYNC FORMAT TabSeparated`;
    const killing = (async () => {
      for (let attempt = 1, missed = 0; attempt <= killAttempts && missed < 3; attempt += 1) {
        const killed = await client.stream({ sql }, AbortSignal.timeout(killMs)).then(textOf, () => '');
        missed = killed === '' ? missed + 1 : 0;
        await wait(killPauseMs);
      }
    })().finally(() => this.#kills.delete(killing));
    this.#kills.add(killing);
  }
}

async function textOf(answer: TailReader): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

