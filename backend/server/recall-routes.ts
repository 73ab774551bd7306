import { compareRuns } from '../runs/run-changes.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

/** Results that were found to be wrong: whose they are, what is different now. */
export function recallRoutes(routes: Routes, parts: ServerParts): void {
  const { recalls } = parts;
  routes.signed('recalls', async ({ access }) => ({ recalls: await recalls.unseen(access) }));
  routes.signed('recallSeen', async ({ access, params }) => {
    await recalls.markSeen(access, params['id'] ?? '');
    return undefined;
  });
  routes.signed('recallsOf', async ({ body }) => ({ recalls: await recalls.marksOf(body.runs) }));
  routes.signed('changes', async ({ access, params, query, response }) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    return { changes: await compareRuns(parts, access, { before: query.before, after: params['id'] ?? '', signal: left.signal }) };
  });
}
