export { openCatalog, type CatalogOptions } from './open-catalog.ts';
export { formatFault } from './source-text.ts';
