import type { Request } from 'express';
import { Problem } from '../../shared/problem.ts';
import type { Routes } from './route.ts';
import type { ServerParts } from './server-parts.ts';

const loopback = /^(::1|127\.|::ffff:127\.)/;

/** Whether the request came from this machine itself, not through a proxy. */
export function fromThisMachine(request: Request): boolean {
  const host = request.headers.host?.replace(/:\d+$/, '') ?? '';
  return loopback.test(request.socket.remoteAddress ?? '') && ['localhost', '127.0.0.1', '[::1]'].includes(host) && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined;
}

const demoOnly = () =>
  new Problem('not_allowed', { ru: 'Пробные сотрудники есть только в демонстрации и только на этом компьютере. Войдите по коду.', en: 'The sample people exist only in the demo and only on this machine. Sign in with a code.' });

/** Sign-in: a sample person of the demo, or a code that an operator issued. */
export function openSessionRoutes(routes: Routes, parts: ServerParts): void {
  routes.open('company', () =>
    Promise.resolve({ demo: parts.demo !== undefined, timeZone: parts.timeZone, today: parts.today(), version: parts.version }),
  );
  routes.open('signIn', async ({ body, request }) => {
    if ('demo' in body) {
      const person = parts.demo?.[body.demo];
      if (person === undefined || !fromThisMachine(request)) throw demoOnly();
      return parts.signIn.issue(person);
    }
    return parts.signIn.withCode(body.code, request.ip ?? '');
  });
}

/** Signing out ends the person's sessions on every device. */
export function signedSessionRoutes(routes: Routes, { sessions }: ServerParts): void {
  routes.signed('signOut', async ({ access }) => {
    await sessions.endSessions(access.person);
    return undefined;
  });
}
