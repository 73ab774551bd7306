import type { Language, LocalText } from '../../shared/language.ts';
import type { Problem } from '../../shared/problem.ts';
import { Problem as ProblemError } from '../../shared/problem.ts';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import type { Backend } from '../backend.ts';
import { refreshBlock, type FoundBlock } from '../sheet/index.ts';
import { asProblem } from './loaded.ts';

/** Which tables of the workbook: that of the selected cell, those of the active sheet, all. */
export type RefreshScope = 'block' | 'sheet' | 'workbook';

export function blocksOf(scope: RefreshScope, blocks: FoundBlock[]): FoundBlock[] {
  switch (scope) {
    case 'block':
      return blocks.filter(({ selected }) => selected);
    case 'sheet':
      return blocks.filter(({ onActiveSheet }) => onActiveSheet);
    case 'workbook':
      return blocks;
  }
}

/** How far the refresh of one table is, or how it ended. */
export type BlockRefresh =
  | { state: 'waiting' }
  | { state: 'asking' }
  | { state: 'writing'; rows: number; of: number }
  | { state: 'refreshed'; rows: number; notices: LocalText[] }
  | { state: 'cancelled' }
  | { state: 'failed'; problem: Problem };

export interface RefreshParts {
  backend: Backend;
  language: Language;
  timeZone: string;
  signal: AbortSignal;
  tell: (blockId: string, refresh: BlockRefresh) => void;
}

const noResult = (name: string) =>
  new ProblemError('not_found', { ru: `Задача больше не даёт результата «${name}». Получите таблицу заново.`, en: `The task no longer gives the result “${name}”. Get the table anew.` });

/** Asks a block's question again, with the values as they were entered: "last month" means the newest one. */
async function askAgain(block: FoundBlock, { backend, language, signal }: RefreshParts): Promise<Run> {
  const { provenance, values } = block.record;
  const { run } = await backend.call('submit', { params: { id: provenance.taskId }, body: { values, locale: language, unknown: 'leaveOut' }, signal });
  const stop = () => void backend.call('cancel', { params: { id: run.id } }).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  let last = run;
  await backend.followRun(run.id, { onRun: (now) => (last = now), onConnection: () => undefined }, signal);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return last;
}

function resultOf(run: Run, name: string): ResultSummary {
  if (run.status.state === 'failed') throw new ProblemError(run.status.code, run.status.message);
  const result = run.status.state === 'succeeded' ? run.status.results.find((one) => one.name === name) : undefined;
  if (result === undefined) throw noResult(name);
  return result;
}

async function refreshOne(block: FoundBlock, answer: Promise<Run>, parts: RefreshParts): Promise<BlockRefresh> {
  const { backend, language, timeZone, signal, tell } = parts;
  const run = await answer;
  const result = resultOf(run, block.record.result);
  const readRows = async (offset: number, limit: number) => (await backend.call('rows', { params: { id: run.id }, query: { result: result.name, offset, limit }, signal })).rows;
  const outcome = await refreshBlock(block, { run, result, readRows }, { language, timeZone, signal, onProgress: ({ rows, of }) => { tell(block.id, { state: 'writing', rows, of }); } });
  return outcome.state === 'cancelled' ? { state: 'cancelled' } : { state: 'refreshed', rows: result.rows, notices: outcome.notices };
}

/**
 * Refreshes blocks one after another, so that Excel is never written to from two sides. Results of one run are asked for
 * once. One failure does not keep the others from being refreshed.
 */
export async function refreshBlocks(blocks: FoundBlock[], parts: RefreshParts): Promise<void> {
  const answers = new Map<string, Promise<Run>>();
  for (const { id } of blocks) parts.tell(id, { state: 'waiting' });
  for (const block of blocks) {
    const question = JSON.stringify([block.record.provenance.taskId, block.record.values]);
    parts.tell(block.id, { state: 'asking' });
    const answer = answers.get(question) ?? askAgain(block, parts);
    answers.set(question, answer);
    try {
      parts.tell(block.id, await refreshOne(block, answer, parts));
    } catch (error) {
      parts.tell(block.id, parts.signal.aborted ? { state: 'cancelled' } : { state: 'failed', problem: asProblem(error) });
    }
  }
}
