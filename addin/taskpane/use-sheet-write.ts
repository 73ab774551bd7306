import { useRef, useState } from 'react';
import type { LocalText } from '../../shared/language.ts';
import type { Problem } from '../../shared/problem.ts';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { planWrite, writeBlock, type Place, type WritePlan } from '../sheet/index.ts';
import { useLanguage } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';

/** A run's way into the sheet. */
export type SheetWrite =
  | { state: 'idle' }
  | { state: 'occupied'; place: Place; plan: Extract<WritePlan, { state: 'occupied' }> }
  | { state: 'writing'; rows: number; of: number; stopping: boolean }
  | { state: 'written'; sheets: string[]; notices: LocalText[] }
  | { state: 'stopped'; left: LocalText | undefined }
  | { state: 'failed'; problem: Problem };

export interface SheetWriteControl {
  write: SheetWrite;
  start(place: Place): void;
  /** The person allows writing over the cells that were found filled. */
  overwrite(): void;
  stop(): void;
  dismiss(): void;
}

/** Writes all results of a run, one block each; asks first where cells are filled. */
export function useSheetWrite(run: Run, results: ResultSummary[]): SheetWriteControl {
  const language = useLanguage();
  const { backend, company } = usePane();
  const [write, setWrite] = useState<SheetWrite>({ state: 'idle' });
  const abort = useRef<AbortController>(undefined);
  const writable = results.filter(({ available, rows }) => available && rows > 0);
  const total = writable.reduce((sum, { rows }) => sum + rows, 0);

  const carryOut = async (place: Place, overwrite: boolean): Promise<SheetWrite> => {
    const control = new AbortController();
    abort.current = control;
    const options = { language, timeZone: company.timeZone, signal: control.signal };
    const tell = (rows: number): void => { setWrite({ state: 'writing', rows, of: total, stopping: control.signal.aborted }); };
    const sheets: string[] = [];
    const notices: LocalText[] = [];
    let before = 0;
    tell(0);
    for (const result of writable) {
      const plan = overwrite ? undefined : await planWrite({ run, result }, place, options);
      if (plan?.state === 'occupied') return { state: 'occupied', place, plan };
      if (plan?.state === 'tooLarge') return { state: 'failed', problem: plan.problem };
      const readRows = async (offset: number, limit: number) => (await backend.call('rows', { params: { id: run.id }, query: { result: result.name, offset, limit }, signal: control.signal })).rows;
      const done = before;
      const outcome = await writeBlock({ run, result, readRows }, place, { ...options, overwrite, onProgress: ({ rows }) => { tell(done + rows); } });
      if (outcome.state === 'cancelled') return { state: 'stopped', left: outcome.left };
      before += result.rows;
      sheets.push(outcome.block.sheetName);
      notices.push(...outcome.notices);
    }
    return { state: 'written', sheets, notices };
  };
  const begin = (place: Place, overwrite: boolean): void => {
    carryOut(place, overwrite).then(setWrite, (error: unknown) => { setWrite({ state: 'failed', problem: asProblem(error) }); });
  };
  return {
    write,
    start: (place) => { begin(place, false); },
    overwrite: () => { if (write.state === 'occupied') begin(write.place, true); },
    stop: () => {
      abort.current?.abort();
      setWrite((now) => (now.state === 'writing' ? { ...now, stopping: true } : now));
    },
    dismiss: () => { setWrite({ state: 'idle' }); },
  };
}
