import { channelKinds } from './alerts/channels/index.ts';
import type { CatalogKind } from './catalog/kind.ts';
import { drawCatalogKind } from './draws/index.ts';
import { experimentCatalogKind } from './experiments/index.ts';
import { sourceKinds } from './sources/index.ts';

/** Kinds of tasks besides `query`, as the catalog reads them. A new kind is a folder beside this, and a line here and in the product. */
export const catalogKinds: CatalogKind[] = [experimentCatalogKind, drawCatalogKind];

/** What every reading of the catalog is checked against. */
export const catalogRules = { sourceKinds, channelKinds, kinds: catalogKinds };
