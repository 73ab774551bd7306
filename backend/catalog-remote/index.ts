export type { CatalogRemote, Commit, RefusedPush, RemoteState } from './catalog-remote.ts';
export { openCatalogRemote } from './open-catalog-remote.ts';
