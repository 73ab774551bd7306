import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type Express } from 'express';
import { paneHeaders, type PanePolicy } from './security-headers.ts';

const officeCdn = 'https://appsforoffice.microsoft.com/lib/1/hosted';

export interface PaneOptions extends PanePolicy {
  /** The built pane, `dist/taskpane`. */
  directory: string;
}

/** The library that Excel talks to: our copy from npm, or Microsoft's own address. */
function officeLibrary(app: Express, officeJs: PaneOptions['officeJs']): void {
  if (officeJs === 'cdn') {
    app.get('/office-js/{*path}', (request, response) => response.redirect(302, `${officeCdn}${request.path.slice('/office-js'.length)}`));
    return;
  }
  const directory = join(dirname(createRequire(import.meta.url).resolve('@microsoft/office-js/package.json')), 'dist');
  app.use('/office-js', express.static(directory, { maxAge: '1d', index: false }));
}

/** The task pane, its functions and pictures. Hashed files are kept for ever, pages are asked for each time, icons for a day. */
export function servePane(app: Express, options: PaneOptions): void {
  app.use(paneHeaders(options));
  officeLibrary(app, options.officeJs);
  app.get('/', (_request, response) => response.redirect(302, '/taskpane.html'));
  if (!existsSync(options.directory)) return;
  app.use(
    express.static(options.directory, {
      index: false,
      setHeaders: (response, path) => {
        const kept = /-[\w-]{8,}\.(js|css|woff2?)$/.test(path) ? 'public, max-age=31536000, immutable' : /\.(png|ico|svg)$/.test(path) ? 'public, max-age=86400' : 'no-cache';
        response.setHeader('Cache-Control', kept);
      },
    }),
  );
}
