import type { Routes } from './route.ts';
import type { ServerParts } from './server-parts.ts';

/** Draws: look, draw once, replace, take the files. */
export function drawRoutes(routes: Routes, { draws }: Pick<ServerParts, 'draws'>): void {
  routes.signed('draws', async ({ access, query }) => ({ draws: await draws.list(access, query) }));
  routes.signed('draw', async ({ access, params }) => ({ draw: await draws.get(access, params['id'] ?? '') }));
  routes.signed('holdDraw', async ({ access, params, body }) => ({ draw: await draws.hold(access, params['id'] ?? '', body) }));
  routes.signed('replaceWinner', async ({ access, params, body }) => ({ draw: await draws.replace(access, params['id'] ?? '', body) }));
  routes.signed('drawFiles', async ({ access, params, language }) => draws.files(access, params['id'] ?? '', language));
}
