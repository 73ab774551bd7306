import { useMemo, useRef, useState } from 'react';
import { sessionAnswer, type SessionAnswer } from '../../shared/api.ts';
import type { Language } from '../../shared/language.ts';
import { createBackend, type Backend } from '../backend.ts';
import { storedIn } from './stored.ts';

/** Who is signed in. `lost` says that a session ended by itself, so its person comes back to what they were doing. */
export type Session = { state: 'signedOut'; lost: SessionAnswer['person'] | undefined } | { state: 'signedIn'; answer: SessionAnswer };

export interface SessionControl {
  session: Session;
  backend: Backend;
  signedIn(answer: SessionAnswer): void;
  signOut(): void;
  /** Ends this person's sessions on every device, this one included. */
  signOutEverywhere(): Promise<void>;
}

const tokenName = 'session';

function remembered(text: string | undefined): SessionAnswer | undefined {
  if (text === undefined) return undefined;
  try {
    const answer = sessionAnswer.safeParse(JSON.parse(text)).data;
    return answer !== undefined && Date.parse(answer.expiresAt) > Date.now() ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** The token lives in memory and, until the window closes, in the session storage of this one place. */
export function useSession(storagePrefix: string, language: Language): SessionControl {
  const stored = useMemo(() => storedIn(() => sessionStorage, storagePrefix), [storagePrefix]);
  const [session, setSession] = useState<Session>(() => {
    const answer = remembered(stored.read(tokenName));
    return answer === undefined ? { state: 'signedOut', lost: undefined } : { state: 'signedIn', answer };
  });
  const now = useRef({ session, language });
  now.current = { session, language };
  const change = (next: Session): void => {
    now.current.session = next;
    stored.write(tokenName, next.state === 'signedIn' ? JSON.stringify(next.answer) : undefined);
    setSession(next);
  };
  const backend = useMemo(
    () =>
      createBackend({
        origin: '',
        language: () => now.current.language,
        token: () => (now.current.session.state === 'signedIn' ? now.current.session.answer.token : undefined),
        onSignedOut: () => {
          const { session: before } = now.current;
          if (before.state === 'signedIn') change({ state: 'signedOut', lost: before.answer.person });
        },
      }),
    [],
  );
  return {
    session,
    backend,
    signedIn: (answer) => {
      change({ state: 'signedIn', answer });
    },
    signOut: () => {
      change({ state: 'signedOut', lost: undefined });
    },
    signOutEverywhere: async () => {
      await backend.call('signOut', {});
      change({ state: 'signedOut', lost: undefined });
    },
  };
}
