import { DateTime } from 'luxon';
import { finished } from 'node:stream';
import type { Express, Request, Response } from 'express';
import { language, languageOf, type Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { maySee, maySeeRun, type Access } from '../access/access.ts';
import type { Link } from '../access/links.ts';
import { contentDisposition, exportFormats } from '../exports/index.ts';
import { hasEnded, notFoundRun } from '../runs/runs.ts';
import { openResultFile, resultFileName } from '../runs/result-file.ts';
import { linkPage, goneLinkPage } from './link-page.ts';
import type { ServerParts } from './server-parts.ts';
import type { Routes } from './route.ts';
import { giveUpOnStalled } from './rows.ts';
import { pickResult } from './run-routes.ts';

/** What is the same for every answer behind a link. */
const linkHeaders = { 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex, nofollow' };

/** A link shows what its maker may see now: their rights may have changed since, and end with their access. */
function makerOf(parts: ServerParts, link: Link): Access {
  return parts.accessOf(link.person);
}

async function resultsBehind(parts: ServerParts, link: Link) {
  const access = makerOf(parts, link);
  const found = await parts.runs.results(access, link.runId);
  const task = parts.catalog.task(found.run.provenance.taskId);
  if (task !== undefined && !maySee(access, task)) throw new Problem('not_allowed', { ru: 'Эта задача больше не открыта тому, кто сделал ссылку.', en: 'The task is no longer open to whoever made the link.' });
  return found;
}

function nameRequest(link: Link) {
  return { format: link.format, language: link.locale, ...(link.result === null ? {} : { result: link.result }) };
}

async function sendFile(parts: ServerParts, link: Link, request: Request, response: Response): Promise<void> {
  const headers = { ...linkHeaders, 'Content-Type': exportFormats[link.format].mimeType };
  const { run, results } = await resultsBehind(parts, link);
  if (request.method === 'HEAD') {
    response.status(200).set({ ...headers, 'Content-Disposition': contentDisposition(resultFileName(run, nameRequest(link), results)) }).end();
    return;
  }
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  const file = await openResultFile(parts, { runId: link.runId, format: link.format, ...(link.result === null ? {} : { result: link.result }), partner: link.partner, language: link.locale, access: makerOf(parts, link) }, closed.signal);
  giveUpOnStalled(response);
  response.status(200).set({ ...headers, 'Content-Disposition': contentDisposition(file.name) });
  const download = await parts.links.startDownload(link, { address: request.ip ?? '', agent: request.headers['user-agent'] ?? '' });
  let bytes = 0;
  file.stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  file.stream.pipe(response);
  await new Promise<void>((resolve) => {
    // A failure in the middle breaks the connection off: a reader must see that the file is not whole.
    file.stream.once('error', (error) => {
      parts.log.error('download_failed', error);
      response.destroy(error);
    });
    finished(response, (error) => {
      file.stream.destroy();
      const completed = (error === null || error === undefined) && file.stream.readableEnded;
      parts.links.finishDownload(download, { bytes, completed }).catch((cause: unknown) => parts.log.error('download_not_recorded', cause)).finally(resolve);
    });
  });
}

/** The reader's language: chosen on the page, or the browser's; the maker's when the browser says nothing. */
function readerLanguage(request: Request, link: Link): Language {
  const chosen = language.safeParse(request.query['lang']);
  const told = request.headers['accept-language'];
  return chosen.success ? chosen.data : told === undefined || told.startsWith('*') ? link.locale : languageOf(told);
}

async function page(parts: ServerParts, link: Link, request: Request): Promise<string> {
  const reader = readerLanguage(request, link);
  const { run, results } = await resultsBehind(parts, link);
  const shown = link.result === null && link.format === 'xlsx' ? results : [pickResult(results, link.result ?? undefined)];
  const when = (instant: string) => DateTime.fromISO(instant, { zone: parts.timeZone }).setLocale(reader).toLocaleString(DateTime.DATETIME_MED);
  return linkPage(reader, {
    fileName: resultFileName(run, nameRequest(link), results),
    title: run.provenance.title[reader],
    rows: shown.reduce((sum, { table }) => sum + table.rows, 0),
    columns: shown[0]?.columns.length ?? 0,
    expires: when(link.expiresAt.toISOString()),
    number: run.provenance.number,
    dataAsOf: run.provenance.dataAsOf === null ? null : when(run.provenance.dataAsOf),
    fileAddress: `${request.path}/file`,
    recalled: run.recalled === undefined ? null : link.partner ? '' : run.recalled.reason[reader],
  });
}

/** Links: making and revoking them, their page, the file itself. */
export function linkRoutes(app: Express, routes: Routes, parts: ServerParts): void {
  routes.signed('link', async ({ access, language: asked, params, body }) => {
    const run = await parts.runs.get(access, params['id'] ?? '');
    if (!hasEnded(run)) throw new Problem('conflict', { ru: 'Запуск ещё не закончен.', en: 'The run has not ended yet.' });
    // Whoever was asked about a result may look at it, not hand it on.
    if (!maySeeRun(access, { person: run.provenance.person })) throw notFoundRun();
    const { results } = await parts.runs.results(access, run.id);
    if (body.result !== undefined) pickResult(results, body.result);
    const { id, path, expiresAt } = await parts.links.create(access, {
      runId: run.id,
      format: body.format,
      ...(body.result === undefined ? {} : { result: body.result }),
      partner: body.partner ?? false,
      locale: body.locale ?? asked,
      ...(body.expiresIn === undefined ? {} : { expiresIn: body.expiresIn }),
    });
    return { id, url: `${parts.address()}${path}`, expiresAt: expiresAt.toISOString() };
  });
  routes.signed('links', async ({ access, params }) => {
    const run = await parts.runs.get(access, params['id'] ?? '');
    const links = await parts.links.workingLinks(access, run.id);
    return { links: links.map(({ id, format, partner, createdAt, expiresAt, downloads }) => ({ id, format, partner, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), downloads })) };
  });
  routes.signed('revokeLink', async ({ access, params }) => {
    await parts.links.revoke(access, params['id'] ?? '');
    return undefined;
  });

  const open = async (request: Request, response: Response, send: (link: Link) => Promise<void>): Promise<void> => {
    try {
      await send(await parts.links.open(String(request.params['link'])));
    } catch (error) {
      const gone = error instanceof Problem && ['link_gone', 'not_found', 'not_allowed', 'result_expired', 'conflict'].includes(error.code);
      if (!gone || response.headersSent) throw error;
      response.status(404).set(linkHeaders).type('html').send(goneLinkPage(languageOf(request.headers['accept-language'])));
    }
  };
  app.get('/d/:link', (request, response) => open(request, response, async (link) => void response.status(200).set(linkHeaders).type('html').send(await page(parts, link, request))));
  app.get('/d/:link/file', (request, response) => open(request, response, (link) => sendFile(parts, link, request, response)));
}
