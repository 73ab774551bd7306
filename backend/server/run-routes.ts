import { Problem } from '../../shared/problem.ts';
import { wireSelect } from '../runs/wire.ts';
import type { StoredResult } from '../runs/executor.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';
import { giveUpOnStalled, sendRows } from './rows.ts';

/** The named result, or the first. */
export function pickResult(results: StoredResult[], name: string | undefined): StoredResult {
  const found = name === undefined ? results[0] : results.find((result) => result.name === name);
  if (found === undefined)
    throw new Problem('not_found', { ru: `Результата «${name}» у этого запуска нет.`, en: `This run has no result “${name}”.` });
  return found;
}

/** Submitting, following, stopping and reading runs. */
export function runRoutes(routes: Routes, parts: ServerParts): void {
  const { runs } = parts;
  routes.signed('submit', async ({ access, language, params, body }) => ({
    run: await runs.submit(access, params['id'] ?? '', body.values, { language: body.locale ?? language, unknown: body.unknown ?? 'ask' }),
  }));
  routes.signed('runs', async ({ access, query }) => runs.list(access, query));
  routes.signed('run', async ({ access, params }) => ({ run: await runs.get(access, params['id'] ?? '') }));
  routes.signed('cancel', async ({ access, params }) => ({ run: await runs.cancel(access, params['id'] ?? '') }));
  routes.signed('rows', async ({ access, params, query, request, response }) => {
    const { results } = await runs.results(access, params['id'] ?? '');
    const result = pickResult(results, query.result);
    const closed = new AbortController();
    response.on('close', () => closed.abort());
    if (request.method === 'HEAD') {
      response.status(200).type('application/json').end();
      return undefined;
    }
    const lines = await parts.workbench.stream(
      result.table,
      { format: 'JSONCompactEachRow', ...wireSelect(result.columns, parts.timeZone), offset: query.offset, limit: query.limit },
      closed.signal,
    );
    giveUpOnStalled(response);
    await sendRows(request, response, { result: result.name, offset: query.offset, total: result.table.rows, columns: result.columns, lines });
    return undefined;
  });
}
