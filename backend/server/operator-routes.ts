import { requireAbility } from '../access/access.ts';
import { reportSources } from '../operation/source-reports.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';

/** What those who keep the product running look at. */
export function operatorRoutes(routes: Routes, { sources, catalog, log }: ServerParts): void {
  routes.signed('sources', async ({ access, response }) => {
    requireAbility(access, 'operate');
    const left = new AbortController();
    response.on('close', () => left.abort());
    return { sources: await reportSources({ sources, catalog, failed: (error) => log.error('source_check_failed', error) }, left.signal) };
  });
}
