import { Problem } from '../../shared/problem.ts';
import type { Routes } from './route.ts';
import type { ServerParts } from './server-parts.ts';

const notAFile = (): Problem =>
  new Problem('invalid_request', { ru: 'Файл передаётся телом запроса вида application/octet-stream.', en: 'A file is sent as the body of the request, of type application/octet-stream.' });

/** Files for forms: taken as a stream, told what was understood. */
export function uploadRoutes(routes: Routes, { uploads }: Pick<ServerParts, 'uploads'>): void {
  routes.signed('upload', async ({ access, query, request, response }) => {
    if (request.is('application/octet-stream') === false) throw notAFile();
    const left = new AbortController();
    response.on('close', () => left.abort());
    try {
      return { upload: await uploads.add(access.person, { name: query.name, bytes: request, size: Number(request.headers['content-length'] ?? 0), signal: left.signal }) };
    } catch (error) {
      // Whoever still sends would otherwise not read the answer.
      request.resume();
      throw error;
    }
  });
  routes.signed('uploaded', async ({ access, params }) => ({ upload: await uploads.view(access.person, params['id'] ?? '') }));
}
