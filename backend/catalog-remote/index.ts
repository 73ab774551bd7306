export type { CatalogRemote, Commit, RefusedPush, RemoteState } from './catalog-remote.ts';
export { catalogHook } from './hook.ts';
export { openCatalogRemote } from './open-catalog-remote.ts';
export { refusalNews } from './refusal-news.ts';
