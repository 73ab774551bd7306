import { useEffect, useState } from 'react';
import type { Run } from '../../shared/run.ts';
import { asProblem, type Loaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';

export interface WatchedRun {
  run: Run;
  connected: boolean;
}

/** One run, told anew with each change until it is final. */
export function useRun(id: string): { watched: Loaded<WatchedRun>; reload: () => void } {
  const { backend } = usePane();
  const [attempt, setAttempt] = useState(0);
  const [watched, setWatched] = useState<Loaded<WatchedRun>>({ state: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    setWatched({ state: 'loading' });
    const listener = {
      onRun: (run: Run) => { setWatched({ state: 'ready', value: { run, connected: true } }); },
      onConnection: (connected: boolean) => {
        setWatched((before) => (before.state === 'ready' ? { state: 'ready', value: { ...before.value, connected } } : before));
      },
    };
    backend.followRun(id, listener, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) setWatched({ state: 'failed', problem: asProblem(error) });
    });
    return () => { abort.abort(); };
  }, [id, attempt]);
  return { watched, reload: () => { setAttempt((count) => count + 1); } };
}

/** Milliseconds that something has been going on: the server's word, carried on by the clock between two words. */
export function useElapsed(startedAt: string, told: number | undefined): number {
  const [base, setBase] = useState({ told, at: Date.now() });
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setBase({ told, at: Date.now() });
  }, [told]);
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, 500);
    return () => { clearInterval(timer); };
  }, []);
  return Math.max(0, base.told === undefined ? now - Date.parse(startedAt) : base.told + Math.max(0, now - base.at));
}
