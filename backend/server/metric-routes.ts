import { requireAbility } from '../access/access.ts';
import type { Baselines } from '../metrics/baseline.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

/** Metrics of the catalog, and what a plan of a test needs of one. */
export function metricRoutes(routes: Routes, parts: Pick<ServerParts, 'catalog'>, baselines: Baselines): void {
  routes.signed('metrics', () => Promise.resolve({
    metrics: parts.catalog.metrics().map(({ id, title, description, unit, type, good, margin, windowDays }) => ({ id, title, description, unit, type, good, margin, windowDays })),
  }));
  routes.signed('baseline', async ({ access, params, query }) => {
    requireAbility(access, 'run');
    return { baseline: await baselines.of(params['id'] ?? '', query.entry) };
  });
}
