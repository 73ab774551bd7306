import { randomBytes } from 'node:crypto';
import type { Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { LinkFormat } from '../../shared/run.ts';
import type { State } from '../state/state.ts';
import { mayRevoke, type Access } from './access.ts';
import { recordAudit } from './audit.ts';
import { isSignature, sign } from './keys.ts';

/** A result's file behind an address. Whoever has the address may download. */
export interface Link {
  id: string;
  runId: string;
  person: string;
  format: LinkFormat;
  result: string | null;
  partner: boolean;
  locale: Language;
  createdAt: Date;
  expiresAt: Date;
}

export interface NewLink {
  runId: string;
  format: LinkFormat;
  result?: string;
  partner?: boolean;
  locale: Language;
  /** Seconds; the configured default when absent. */
  expiresIn?: number;
}

export interface Links {
  /** `path` is `/d/<id>.<signature>`: the only place where the signature is. */
  create(access: Access, link: NewLink): Promise<{ id: string; path: string; expiresAt: Date }>;
  /** The link behind `<id>.<signature>`. Changed, unknown, expired, revoked, made by someone who has lost access: Problem `link_gone`. */
  open(address: string): Promise<Link>;
  /** Its creator or an operator; for everyone else it is not there. */
  revoke(access: Access, id: string): Promise<void>;
  ofRun(runId: string): Promise<(Link & { revokedAt: Date | null; downloads: number })[]>;
  /** Those of its links that still work and were made to be given away, newest first; for their maker and for operators. */
  workingLinks(access: Access, runId: string): Promise<(Link & { downloads: number })[]>;
  /** Before the first byte; a download that is never finished stays in the log as such. */
  startDownload(link: Link, from: { address?: string; agent?: string }): Promise<number>;
  finishDownload(download: number, outcome: { bytes: number; completed: boolean }): Promise<void>;
}

export interface LinkParts {
  state: State;
  key: Buffer;
  /** Whether the creator still has access; their links end with it. */
  isKnown: (person: string) => boolean;
  defaultSeconds?: number;
  maximumSeconds?: number;
  now?: () => Date;
}

const daySeconds = 86_400;
/** How long the address behind the pane's own download button works. */
export const paneLinkSeconds = 15 * 60;

const columns = `id, run_id AS "runId", person, format, result, partner, locale, created_at AS "createdAt", expires_at AS "expiresAt"`;

export function createLinks({ state, key, isKnown, defaultSeconds = 7 * daySeconds, maximumSeconds = 30 * daySeconds, now = () => new Date() }: LinkParts): Links {
  return {
    async create(access, { runId, format, result, partner = false, locale, expiresIn = Math.min(defaultSeconds, maximumSeconds) }) {
      if (!(expiresIn > 0 && expiresIn <= maximumSeconds)) throw tooLong(maximumSeconds);
      const id = randomBytes(16).toString('base64url');
      const createdAt = now();
      const expiresAt = new Date(createdAt.getTime() + expiresIn * 1000);
      await state.transaction(async (transaction) => {
        await transaction.query(
          'INSERT INTO links (id, run_id, person, format, result, partner, locale, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
          [id, runId, access.person, format, result ?? null, partner, locale, createdAt, expiresAt],
        );
        await recordAudit(transaction, { person: access.person, action: 'link_created', subject: id, detail: { runId, format, partner } });
      });
      return { id, path: `/d/${id}.${sign(key, signedText(id))}`, expiresAt };
    },
    async open(address) {
      const [id = '', signature = '', ...rest] = address.split('.');
      // A guess never reaches the database.
      if (rest.length > 0 || !isSignature(key, signedText(id), signature)) throw gone();
      const [link] = await state.query<Link>(`SELECT ${columns} FROM links WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2`, [id, now()]);
      if (!link || !isKnown(link.person)) throw gone();
      return link;
    },
    async revoke(access, id) {
      const [link] = await state.query<Link>(`SELECT ${columns} FROM links WHERE id = $1`, [id]);
      if (!link || !mayRevoke(access, link)) throw notFound();
      await state.transaction(async (transaction) => {
        const revoked = await transaction.query('UPDATE links SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL RETURNING id', [id, now(), access.person]);
        if (revoked.length > 0) await recordAudit(transaction, { person: access.person, action: 'link_revoked', subject: id });
      });
    },
    ofRun: (runId) =>
      state.query(
        `SELECT ${columns}, revoked_at AS "revokedAt", (SELECT count(*) FROM downloads d WHERE d.link_id = links.id AND d.completed) AS downloads
         FROM links WHERE run_id = $1 ORDER BY created_at DESC`,
        [runId],
      ),
    async workingLinks(access, runId) {
      const links = await state.query<Link & { downloads: number }>(
        `SELECT ${columns}, (SELECT count(*) FROM downloads d WHERE d.link_id = links.id AND d.completed)::int AS downloads
         FROM links WHERE run_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND expires_at - created_at > make_interval(secs => $3) ORDER BY created_at DESC`,
        [runId, now(), paneLinkSeconds],
      );
      return links.filter((link) => mayRevoke(access, link));
    },
    async startDownload(link, { address, agent }) {
      const [row] = await state.query<{ id: number }>('INSERT INTO downloads (link_id, started_at, address, agent) VALUES ($1, $2, $3, $4) RETURNING id', [
        link.id,
        now(),
        address ?? null,
        agent?.slice(0, 500) ?? null,
      ]);
      if (!row) throw new Error('The log of downloads took no row.');
      return row.id;
    },
    async finishDownload(download, { bytes, completed }) {
      await state.query('UPDATE downloads SET finished_at = $2, bytes = $3, completed = $4 WHERE id = $1', [download, now(), bytes, completed]);
    },
  };
}

function signedText(id: string): string {
  return `v1\n${id}`;
}

function gone(): Problem {
  return new Problem('link_gone', {
    ru: 'По этой ссылке ничего нет: срок вышел, её отозвали или адрес скопирован не целиком. Попросите новую у того, кто её прислал.',
    en: 'There is nothing at this link: it has expired, was revoked, or was not copied whole. Ask whoever sent it for a new one.',
  });
}

function notFound(): Problem {
  return new Problem('not_found', { ru: 'Такой ссылки нет, или она не ваша.', en: 'There is no such link, or it is not yours.' });
}

function tooLong(maximumSeconds: number): Problem {
  const days = Math.floor(maximumSeconds / daySeconds);
  const [ru, en] = days > 0 ? [`${days} дн`, `${days} days`] : [`${maximumSeconds} с`, `${maximumSeconds} seconds`];
  return new Problem('invalid_request', { ru: `Ссылка может действовать не дольше ${ru}.`, en: `A link may work for at most ${en}.` });
}
