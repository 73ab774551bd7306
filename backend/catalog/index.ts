export type { LintEngine } from './lint-queries.ts';
export { lintCatalog } from './lint.ts';
export { openCatalog, type CatalogOptions } from './open-catalog.ts';
export { catalogCommit } from './git-commit.ts';
export { formatFault } from './source-text.ts';
