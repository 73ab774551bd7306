import { useCallback, useEffect, useState } from 'react';
import { Problem } from '../../shared/problem.ts';

/** Something that comes from the server. */
export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'failed'; problem: Problem };

/** Loads when `key` changes or on `reload`; an answer that comes too late is dropped. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): { loaded: Loaded<T>; reload: () => void; replace: (value: T) => void } {
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { state: 'loading' } });
  useEffect(() => {
    const abort = new AbortController();
    setHeld((before) => (before.key === key && before.loaded.state === 'ready' ? before : { key, loaded: { state: 'loading' } }));
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setHeld({ key, loaded: { state: 'ready', value } });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setHeld({ key, loaded: { state: 'failed', problem: asProblem(error) } });
      },
    );
    return () => {
      abort.abort();
    };
    // `load` is new on every render; `key` says when it means something else.
  }, [key, attempt]);
  const reload = useCallback(() => {
    setAttempt((count) => count + 1);
  }, []);
  const replace = useCallback((value: T) => {
    setHeld({ key, loaded: { state: 'ready', value } });
  }, [key]);
  return { loaded: held.key === key ? held.loaded : { state: 'loading' }, reload, replace };
}

/** Anything thrown, as something that can be told to a person. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', { ru: 'Что-то сломалось в самой панели. Попробуйте ещё раз.', en: 'Something broke in the pane itself. Try again.' }, { cause: error });
}
