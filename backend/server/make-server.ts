import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { languageOf } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Access } from '../access/access.ts';
import { alertRoutes } from './alert-routes.ts';
import { runEvents } from './events.ts';
import { drawRoutes } from './draw-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { openBaselines } from '../metrics/baseline.ts';
import { functionRoutes } from './function-routes.ts';
import { metricRoutes } from './metric-routes.ts';
import { goneLinkPage } from './link-page.ts';
import { linkRoutes } from './link-routes.ts';
import { notFoundPage } from './not-found-page.ts';
import { openApi } from './openapi.ts';
import { servePane } from './pane.ts';
import { problemHandler } from './problem-answer.ts';
import { operatorRoutes } from './operator-routes.ts';
import { openQuestions } from './questions.ts';
import { recallRoutes } from './recall-routes.ts';
import { checkedBody, readBodies, shortBody } from './request-body.ts';
import { makeRoutes, type Identify } from './route.ts';
import { runRoutes } from './run-routes.ts';
import { bareHeaders } from './security-headers.ts';
import type { ServerParts } from './server-parts.ts';
import { openSessionRoutes, signedSessionRoutes } from './session-routes.ts';
import { taskRoutes } from './task-routes.ts';
import { uploadRoutes } from './upload-routes.ts';

const notSignedIn = () => new Problem('not_signed_in', { ru: 'Войдите, чтобы продолжить.', en: 'Please sign in to continue.' });

/** A bearer of a session token; asked once a request, for the token is proven before the body is read. */
function identifyBy(personOf: ServerParts['personOf']): Identify {
  const known = new WeakMap<Request, Promise<Access>>();
  const identify = async (request: Request): Promise<Access> => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw notSignedIn();
    return personOf(token);
  };
  return (request) => {
    const access = known.get(request) ?? identify(request);
    known.set(request, access);
    return access;
  };
}

const wrongLink: RequestHandler = (request, response) => {
  response
    .status(404)
    .set({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex, nofollow' })
    .type('html')
    .send(goneLinkPage(languageOf(request.headers['accept-language'])));
};

const noSuchPage: RequestHandler = (_request, response) => void response.status(404).set('Cache-Control', 'no-store').type('html').send(notFoundPage());

/** An address that cannot be decoded leads nowhere, as any other that is mistyped. */
function unreadableAddress(answer: RequestHandler): ErrorRequestHandler {
  return (error, request, response, next) => {
    const ofProgram = /^\/(api|local)\//i.test(request.originalUrl);
    if (error instanceof URIError && !ofProgram && !response.headersSent) return answer(request, response, next);
    next(error);
  };
}

/** The whole HTTP side over given parts; listens nowhere itself. */
export function makeServer(parts: ServerParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', parts.trustedProxies);
  app.set('query parser', 'simple');
  app.use(bareHeaders);
  app.get('/healthz', (_request, response) => void response.type('text/plain').send('ok'));
  app.get('/readyz', async (_request, response) => {
    await parts.ready();
    response.type('text/plain').send('ready');
  });
  const description = openApi(parts.version);
  app.get('/api/openapi.json', (_request, response) => void response.json(description));

  const identify = identifyBy(parts.personOf);
  const routes = makeRoutes(app, identify);
  app.post('/api/session', shortBody, checkedBody);
  openSessionRoutes(routes, parts);
  app.use('/api', async (request, _response, next) => {
    await identify(request);
    next();
  });
  readBodies(app);
  const questions = openQuestions(parts);
  signedSessionRoutes(routes, parts);
  taskRoutes(routes, parts);
  uploadRoutes(routes, parts);
  runRoutes(routes, parts);
  runEvents(app, identify, parts.runs);
  linkRoutes(app, routes, parts);
  alertRoutes(app, routes, parts);
  experimentRoutes(routes, parts);
  drawRoutes(routes, parts);
  const baselines = openBaselines(parts);
  metricRoutes(routes, parts, baselines);
  functionRoutes(routes, parts, baselines);
  operatorRoutes(routes, parts);
  recallRoutes(routes, parts);
  routes.signed('ask', async ({ access, body }) => ({ question: await questions.ask(access, body) }));
  routes.signed('questions', async ({ access }) => ({ questions: await questions.list(access) }));
  routes.signed('answerQuestion', async ({ access, params, body }) => ({ question: await questions.change(access, params['id'] ?? '', body) }));
  parts.more?.(app);
  app.use('/api', () => {
    throw new Problem('not_found', { ru: 'Такого адреса нет.', en: 'There is no such address.' });
  });
  app.use(['/d', '/a'], wrongLink, unreadableAddress(wrongLink));
  servePane(app, parts.pane);
  app.use(bareHeaders, noSuchPage);
  app.use(unreadableAddress(noSuchPage));
  app.use(problemHandler(parts.log));
  return app;
}
