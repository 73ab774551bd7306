import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Express, Request } from 'express';
import { Problem } from '../../shared/problem.ts';
import type { CatalogRemote } from './catalog-remote.ts';

/** A git server's word of a push is far shorter, and nothing of it is kept. */
const longest = 25_000_000;

function same(given: string, expected: string): boolean {
  // Digests are of one length, whatever was given.
  const digest = (text: string) => createHmac('sha256', 'compared').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** GitHub and Gitea sign the body and send no token. */
async function signatureOf(request: Request, token: string): Promise<string> {
  const signature = createHmac('sha256', token);
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longest) throw new Problem('too_large', { ru: 'Слишком много данных в одном запросе.', en: 'The request is too large.' });
    signature.update(chunk);
  }
  return `sha256=${signature.digest('hex')}`;
}

async function isProven(request: Request, token: string): Promise<boolean> {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const plain = bearer ?? request.get('X-Gitlab-Token');
  if (plain !== undefined) return same(plain, token);
  const signature = request.get('X-Hub-Signature-256');
  return signature !== undefined && same(signature, await signatureOf(request, token));
}

function notProven(): Problem {
  return new Problem('not_signed_in', {
    ru: 'Нужен секрет TASKSHEET_CATALOG_HOOK_TOKEN: Authorization: Bearer …, X-Gitlab-Token или подпись X-Hub-Signature-256.',
    en: 'The secret of TASKSHEET_CATALOG_HOOK_TOKEN is needed: Authorization: Bearer …, X-Gitlab-Token, or the signature X-Hub-Signature-256.',
  });
}

/** Lets the git server tell of a push. Answers before the pull is done, for git servers wait but seconds. */
export function catalogHook(app: Express, remote: Pick<CatalogRemote, 'pull'>, token: string): void {
  app.post('/hooks/catalog', async (request, response) => {
    if (!(await isProven(request, token))) throw notProven();
    // What goes wrong is logged and shown by the remote's state.
    remote.pull().catch(() => undefined);
    response.status(202).set('Cache-Control', 'no-store').json({ accepted: true });
  });
}
