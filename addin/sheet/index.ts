export type { Block, Place, ReadRows, ResultToWrite, WriteOptions, WriteOutcome, WritePlan } from './block.ts';
export type { BlockRecord } from './block-record.ts';
export { findBlocks, showBlock, type FoundBlock } from './find-blocks.ts';
export { readSelectedTable } from './read-selected-table.ts';
export { readSelection } from './read-selection.ts';
export { refreshBlock } from './refresh-block.ts';
export { planWrite, writeBlock } from './write-block.ts';
