export { drawPlaces, readParticipants, sha256 } from './algorithm.ts';
export { openDraws, type Draws } from './draws.ts';
export { participantsOf } from './freeze.ts';
export { drawRunner } from './runner.ts';
export { drawCatalogKind, type DrawSection } from './section.ts';
