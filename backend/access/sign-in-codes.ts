import { randomInt, randomUUID } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Problem } from '../../shared/problem.ts';
import type { State, Transaction } from '../state/state.ts';
import { personId } from './access.ts';
import { recordAudit } from './audit.ts';
import { sign } from './keys.ts';

export interface SignInCodes {
  /** A new code for one person; earlier ones of theirs that were not used stop working. */
  issue(request: { person: string; issuedBy: string }): Promise<{ code: string; expiresAt: Date }>;
  /** Whose code it is; it works once. Problem `not_signed_in` for a wrong one, `too_many` for an address that guesses. */
  use(code: string, address: string): Promise<string>;
}

export interface SignInCodeParts {
  state: State;
  key: Buffer;
  now?: () => Date;
}

/** No 0/O, 1/I/L, U: 30 characters, 12 of them are 58 bits. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;
const lifetimeHours = 24;
const guessesAllowed = 10;
const guessWindowMinutes = 15;

/** Cyrillic capitals that look like Latin ones: what a Russian keyboard gives for the same shape. */
const lookalikes: Record<string, string> = { А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', Р: 'P', С: 'C', Т: 'T', Х: 'X', У: 'Y' };

export function createSignInCodes({ state, key, now = () => new Date() }: SignInCodeParts): SignInCodes {
  return {
    async issue({ person, issuedBy }) {
      const code = randomCode();
      const issuedAt = now();
      const expiresAt = new Date(issuedAt.getTime() + lifetimeHours * 3_600_000);
      await state.transaction(async (transaction) => {
        await transaction.query('UPDATE sign_in_codes SET expires_at = $2 WHERE person = $1 AND used_at IS NULL AND expires_at > $2', [personId(person), issuedAt]);
        await transaction.query(
          'INSERT INTO sign_in_codes (id, code_hash, person, issued_by, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
          [randomUUID(), sign(key, normalise(code)), personId(person), personId(issuedBy), issuedAt, expiresAt],
        );
        await recordAudit(transaction, { person: personId(issuedBy), action: 'sign_in_code_issued', subject: personId(person) });
      });
      return { code, expiresAt };
    },
    async use(code, address) {
      const outcome = await state.transaction((transaction) => tryCode(transaction, { hash: sign(key, normalise(code)), origin: originOf(address), at: now() }));
      if ('person' in outcome) return outcome.person;
      throw outcome.problem;
    },
  };
}

interface Try {
  hash: string;
  origin: string;
  at: Date;
}

/** Returns the refusal instead of throwing it, so that the recorded failure is committed. */
async function tryCode(transaction: Transaction, { hash, origin, at }: Try): Promise<{ person: string } | { problem: Problem }> {
  // Guesses from one origin take turns, so that parallel ones are counted too.
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`sign-in ${origin}`]);
  const since = new Date(at.getTime() - guessWindowMinutes * 60_000);
  const [failures] = await transaction.query<{ count: number }>('SELECT count(*) FROM sign_in_failures WHERE address = $1 AND at > $2', [origin, since]);
  if ((failures?.count ?? 0) >= guessesAllowed) return { problem: tooMany() };
  const [used] = await transaction.query<{ person: string }>(
    'UPDATE sign_in_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING person',
    [hash, at],
  );
  if (used) {
    await recordAudit(transaction, { person: used.person, action: 'signed_in', subject: used.person, detail: { address: origin } });
    return used;
  }
  await transaction.query('INSERT INTO sign_in_failures (address, at) VALUES ($1, $2)', [origin, at]);
  return { problem: wrongCode() };
}

function randomCode(): string {
  const characters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

/** As people retype it: any case, blanks and dashes anywhere, look-alike Cyrillic letters. */
function normalise(code: string): string {
  return code
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[А-Я]/g, (letter) => lookalikes[letter] ?? letter);
}

/** One household or server has a whole IPv6 /64 to guess from. */
function originOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%')[0] ?? '';
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::', 2);
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const gap = plain.includes('::') ? Array<string>(8 - before.length - after.length).fill('0') : [];
  return [...before, ...gap, ...after].slice(0, 4).map((part) => parseInt(part, 16).toString(16)).join(':') + '::/64';
}

function wrongCode(): Problem {
  return new Problem('not_signed_in', {
    ru: 'Код не подходит: он введён с ошибкой, уже использован или старше суток. Попросите у оператора новый.',
    en: 'The code does not work: mistyped, used already, or over a day old. Ask an operator for a new one.',
  });
}

function tooMany(): Problem {
  return new Problem('too_many', {
    ru: `Слишком много неверных кодов. Попробуйте через ${guessWindowMinutes} минут.`,
    en: `Too many wrong codes. Try again in ${guessWindowMinutes} minutes.`,
  });
}
