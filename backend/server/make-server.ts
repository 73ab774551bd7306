import express, { type Express, type Request } from 'express';
import { Problem } from '../../shared/problem.ts';
import type { Access } from '../access/access.ts';
import { runEvents } from './events.ts';
import { functionRoutes } from './function-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { openApi } from './openapi.ts';
import { servePane } from './pane.ts';
import { problemHandler } from './problem-answer.ts';
import { openQuestions } from './questions.ts';
import { makeRoutes } from './route.ts';
import { runRoutes } from './run-routes.ts';
import type { ServerParts } from './server-parts.ts';
import { sessionRoutes } from './session-routes.ts';
import { taskRoutes } from './task-routes.ts';

const notSignedIn = () => new Problem('not_signed_in', { ru: 'Войдите, чтобы продолжить.', en: 'Please sign in to continue.' });

/** The whole HTTP side over given parts; listens nowhere itself. */
export function makeServer(parts: ServerParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', parts.trustedProxies);
  app.set('query parser', 'simple');
  const identify = async (request: Request): Promise<Access> => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw notSignedIn();
    return parts.personOf(token);
  };

  app.get('/healthz', (_request, response) => void response.type('text/plain').send('ok'));
  app.get('/readyz', async (_request, response) => {
    await parts.ready();
    response.type('text/plain').send('ready');
  });
  const description = openApi(parts.version);
  app.get('/api/openapi.json', (_request, response) => void response.json(description));

  app.use('/api', express.json({ limit: '12mb', strict: true }));
  const routes = makeRoutes(app, identify);
  const questions = openQuestions(parts);
  sessionRoutes(routes, parts);
  taskRoutes(routes, parts);
  runRoutes(routes, parts);
  runEvents(app, identify, parts.runs);
  linkRoutes(app, routes, parts);
  functionRoutes(routes, parts);
  routes.signed('ask', async ({ access, body }) => ({ question: await questions.ask(access, body) }));
  routes.signed('questions', async ({ access }) => ({ questions: await questions.list(access) }));
  routes.signed('answerQuestion', async ({ access, params, body }) => ({ question: await questions.answer(access, params['id'] ?? '', body.state, body.answer) }));
  parts.more?.(app);
  app.use('/api', () => {
    throw new Problem('not_found', { ru: 'Такого адреса нет.', en: 'There is no such address.' });
  });
  servePane(app, parts.pane);
  app.use(problemHandler(parts.log));
  return app;
}
