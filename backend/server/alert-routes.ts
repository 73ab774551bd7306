import express, { type Express, type Request, type Response } from 'express';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Incident, IncidentDecision } from '../../shared/alert.ts';
import { languageOf } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { requireAbility } from '../access/access.ts';
import { drawChart } from '../alerts/index.ts';
import { alertPage, alertWords, muteHours } from './alert-page.ts';
import { goneLinkPage } from './link-page.ts';
import type { Routes } from './route.ts';
import type { ServerParts } from './server-parts.ts';

/** The page sends a form to itself and shows a picture of its own; nothing else. */
const pageHeaders = {
  'Cache-Control': 'private, no-store',
  'X-Robots-Tag': 'noindex, nofollow',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

const hourMs = 3_600_000;
const sent = z.object({
  decision: z.enum(['acknowledged', 'muted', 'expected', 'newNormal']),
  person: z.string().trim().min(1).max(100),
  reason: z.string().trim().max(500).default(''),
  hours: z.coerce.number().refine((hours) => muteHours.includes(hours)).default(24),
});

/** What the form says; `undefined` when it lacks a name or a reason. */
function decisionOf(body: unknown): { decision: IncidentDecision; person: string } | undefined {
  const read = sent.safeParse(body);
  if (!read.success) return undefined;
  const { decision, person, reason, hours } = read.data;
  switch (decision) {
    case 'acknowledged':
      return { decision: { decision }, person: `${person} (link)` };
    case 'muted':
      return { decision: { decision, until: new Date(Date.now() + hours * hourMs).toISOString(), ...(reason === '' ? {} : { reason }) }, person: `${person} (link)` };
    case 'expected':
    case 'newNormal':
      return reason === '' ? undefined : { decision: { decision, reason }, person: `${person} (link)` };
  }
}

/** Alerts for the pane, and the pages behind the links in messages: the link is the right to answer. */
export function alertRoutes(app: Express, routes: Routes, parts: ServerParts): void {
  const { alerts } = parts;
  const requireWatcher = (may: ReadonlySet<string>): void => {
    if (!may.has('author') && !may.has('operate')) throw new Problem('not_allowed', { ru: 'Оповещения открыты аналитикам и операторам. Право даёт аналитик в access.yaml.', en: 'Alerts are open to analysts and operators. An analyst grants the right in access.yaml.' });
  };
  routes.signed('alerts', async ({ access }) => {
    requireWatcher(access.may);
    const [incidents, channels] = await Promise.all([alerts.incidents({ limit: 200 }), alerts.channels()]);
    return { incidents, channels };
  });
  routes.signed('decideAlert', async ({ access, params, body }) => {
    requireAbility(access, 'author');
    return { incident: await alerts.decide(params['id'] ?? '', body, access.person) };
  });

  const behind = async (request: Request, response: Response, answer: (incident: Incident) => void | Promise<void>): Promise<void> => {
    let incident: Incident;
    try {
      incident = await alerts.openLink(String(request.params['link']));
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'link_gone') throw error;
      response.status(404).set(pageHeaders).type('html').send(goneLinkPage(languageOf(request.headers['accept-language'])));
      return;
    }
    await answer(incident);
  };
  const show = (request: Request, response: Response, incident: Incident, notice?: string): void => {
    const language = languageOf(request.headers['accept-language']);
    const since = DateTime.fromISO(incident.since, { zone: parts.timeZone }).setLocale(language).toLocaleString(DateTime.DATETIME_MED);
    response.set(pageHeaders).type('html').send(alertPage(language, { incident, since, path: `/a/${String(request.params['link'])}`, ...(notice === undefined ? {} : { notice }) }));
  };
  app.get('/a/:link', (request, response) => behind(request, response, (incident) => show(request, response, incident)));
  app.get('/a/:link/chart.png', (request, response) => behind(request, response, (incident) => void response.set({ ...pageHeaders, 'Cache-Control': 'public, max-age=300' }).type('png').send(drawChart(incident.points))));
  app.post('/a/:link', express.urlencoded({ extended: false, limit: '10kb' }), (request, response) =>
    behind(request, response, async (incident) => {
      const words = alertWords[languageOf(request.headers['accept-language'])];
      const given = decisionOf(request.body);
      if (given === undefined) return show(request, response.status(422), incident, words.needed);
      show(request, response, await alerts.decide(incident.id, given.decision, given.person), words.thanks);
    }),
  );
}
