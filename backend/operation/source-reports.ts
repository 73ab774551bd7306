import { Problem } from '../../shared/problem.ts';
import type { SourceReport } from '../../shared/source-report.ts';
import type { Catalog } from '../catalog/task.ts';
import type { OpenSources } from '../sources/open-sources.ts';
import type { Source } from '../sources/source.ts';

export interface SourceReportParts {
  sources: OpenSources;
  catalog: Pick<Catalog, 'tasks' | 'metrics'>;
  /** Told of failures that are no Problem. */
  failed: (error: unknown) => void;
  /** How long one source may take to answer. */
  limitMs?: number;
}

const defaultLimitMs = 10_000;

function noAnswer(limitMs: number): Problem {
  const seconds = Math.ceil(limitMs / 1000);
  return new Problem('time_limit', {
    ru: `Не ответил за ${seconds} с. Проверьте, что сервер источника работает и доступен отсюда.`,
    en: `No answer within ${seconds} s. Check that the source's server runs and can be reached from here.`,
  });
}

/** Ends in time also where the source does not heed its signal. */
async function checked(source: Source, limitMs: number, signal: AbortSignal) {
  const limit = AbortSignal.timeout(limitMs);
  const end = AbortSignal.any([limit, signal]);
  const why = () => (limit.aborted ? noAnswer(limitMs) : new Problem('interrupted', { ru: 'Проверка остановлена.', en: 'The check was stopped.' }));
  const ended = new Promise<never>((_, reject) => end.addEventListener('abort', () => reject(why()), { once: true }));
  const check = source.check(end).catch((error: unknown) => {
    throw end.aborted ? why() : error;
  });
  return Promise.race([check, ended]);
}

function usesOf(catalog: SourceReportParts['catalog']): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { steps } of [...catalog.tasks().filter(({ status }) => status !== 'retired'), ...catalog.metrics()])
    for (const name of new Set(steps.map(({ on }) => on))) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** Asks every source at once whether it works. One that hangs or fails holds up none of the others. */
export async function reportSources({ sources, catalog, failed, limitMs = defaultLimitMs }: SourceReportParts, signal: AbortSignal): Promise<SourceReport[]> {
  const uses = usesOf(catalog);
  const report = async ([name, source]: [string, Source]): Promise<SourceReport> => {
    const about = { name, kind: sources.kindOf(name), usedBy: uses.get(name) ?? 0 };
    try {
      const { version, latencyMs, advice = [] } = await checked(source, limitMs, signal);
      return { ...about, status: { state: 'works', version, latencyMs: Math.round(latencyMs * 10) / 10, advice } };
    } catch (error) {
      if (error instanceof Problem) return { ...about, status: { state: 'fails', code: error.code, message: error.text } };
      failed(error);
      return { ...about, status: { state: 'fails', code: 'internal', message: { ru: 'Проверка не удалась, подробности в журнале сервера.', en: 'The check failed; the server log says more.' } } };
    }
  };
  return Promise.all([...sources].sort(([one], [other]) => one.localeCompare(other)).map(report));
}
