import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

/** The archive of A/B tests and the decisions about them. */
export function experimentRoutes(routes: Routes, { experiments }: Pick<ServerParts, 'experiments'>): void {
  routes.signed('experiments', async ({ access, query }) => ({ experiments: await experiments.list(access, query) }));
  routes.signed('experiment', async ({ access, params }) => ({ experiment: await experiments.get(access, params['id'] ?? '') }));
  routes.signed('decideExperiment', async ({ access, params, body }) => ({ experiment: await experiments.decide(access, params['id'] ?? '', body) }));
}
