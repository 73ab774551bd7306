import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { Problem } from '../../shared/problem.ts';
import type { State, Transaction } from '../state/state.ts';
import { personId } from './access.ts';
import { recordAudit } from './audit.ts';

export interface Session {
  person: string;
  expiresAt: Date;
}

export interface Sessions {
  issueSession(person: string): { token: string; expiresAt: Date };
  /** Whose token it is, or Problem `not_signed_in`. Whether that person may do anything is `accessOf`. */
  readSession(token: string): Promise<Session>;
  /** Every token of this person issued until now is refused from here on; other backends learn of it within seconds. */
  endSessions(person: string): Promise<void>;
}

export interface SessionParts {
  state: State;
  key: Buffer;
  now?: () => Date;
}

const issuer = 'tasksheet';
const audience = 'tasksheet-api';
const lifetimeSeconds = 12 * 3600;
const cutoffsFreshMs = 5_000;

/** The library accepts tokens without exp and without sub; this does not. */
const claims = z.object({ sub: z.string().min(1), exp: z.number().int(), iat: z.number().int(), issuedMs: z.number().int() });

/** Session tokens: HS256 alone, issuer, audience and lifetime always checked. */
export function createSessions({ state, key, now = () => new Date() }: SessionParts): Sessions {
  if (key.length < 32) throw new TypeError('The session key must be at least 32 bytes long.');
  // A key object: from bytes the library would try to read a public key on every request.
  const secret = createSecretKey(key);
  const cutoffs = cutoffCache(state);
  return {
    issueSession(person) {
      const issuedMs = now().getTime();
      const iat = Math.floor(issuedMs / 1000);
      const exp = iat + lifetimeSeconds;
      const token = jwt.sign({ sub: personId(person), iat, exp, issuedMs, jti: randomUUID() }, secret, { algorithm: 'HS256', issuer, audience });
      return { token, expiresAt: new Date(exp * 1000) };
    },
    async readSession(token) {
      const { sub, exp, iat, issuedMs } = verify(token, secret, now());
      if (exp - iat > lifetimeSeconds) throw notSignedIn();
      const cutoff = (await cutoffs.read()).get(sub);
      if (cutoff !== undefined && issuedMs <= cutoff) throw notSignedIn();
      return { person: sub, expiresAt: new Date(exp * 1000) };
    },
    async endSessions(person) {
      const ended = personId(person);
      await state.transaction(async (transaction) => {
        await transaction.query(
          `INSERT INTO session_cutoffs (person, issued_before) VALUES ($1, $2)
           ON CONFLICT (person) DO UPDATE SET issued_before = greatest(session_cutoffs.issued_before, excluded.issued_before)`,
          [ended, now()],
        );
        await recordAudit(transaction, { person: ended, action: 'sessions_ended', subject: ended });
      });
      cutoffs.forget();
    },
  };
}

function verify(token: string, key: KeyObject, now: Date): z.infer<typeof claims> {
  try {
    return claims.parse(
      jwt.verify(token, key, { algorithms: ['HS256'], issuer, audience, clockTimestamp: Math.floor(now.getTime() / 1000) }),
    );
  } catch (cause) {
    throw notSignedIn(cause);
  }
}

/** A few rows, read at most once in some seconds rather than on each request. */
function cutoffCache(state: Transaction): { read(): Promise<Map<string, number>>; forget(): void } {
  let known: Promise<Map<string, number>> | undefined;
  let readAt = 0;
  const load = async (): Promise<Map<string, number>> => {
    const rows = await state.query<{ person: string; issued_before: Date }>('SELECT person, issued_before FROM session_cutoffs');
    return new Map(rows.map(({ person, issued_before }) => [person, issued_before.getTime()]));
  };
  return {
    read() {
      if (!known || Date.now() - readAt > cutoffsFreshMs) {
        readAt = Date.now();
        known = load();
        known.catch(() => {
          known = undefined;
        });
      }
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}

function notSignedIn(cause?: unknown): Problem {
  return new Problem(
    'not_signed_in',
    { ru: 'Вход не выполнен или истёк. Войдите снова: код выдаёт оператор Tasksheet.', en: 'You are not signed in, or the session is over. Sign in again: an operator of Tasksheet issues a code.' },
    { cause },
  );
}
