import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type Express, type RequestHandler } from 'express';

const officeCdn = 'https://appsforoffice.microsoft.com/lib/1/hosted';

/** Hosts that frame the pane: Excel on the web, and those that the library itself trusts. */
const officeFrames = ['https://*.officeapps.live.com', 'https://*.office.com', 'https://*.office.net', 'https://*.office365.com', 'https://*.sharepoint.com', 'https://*.partner.officewebapps.cn'];

export interface PaneOptions {
  /** The built pane, `dist/taskpane`. */
  directory: string;
  officeJs: 'npm' | 'cdn';
  /** Further origins that may frame the pane: a simulated Excel in tests. */
  frameOrigins: string[];
}

function securityHeaders({ officeJs, frameOrigins }: PaneOptions): RequestHandler {
  const scripts = officeJs === 'cdn' ? `'self' https://appsforoffice.microsoft.com` : `'self'`;
  const policy = [
    `default-src 'self'`,
    `script-src ${scripts}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors ${["'self'", ...officeFrames, ...frameOrigins].join(' ')}`,
  ].join('; ');
  return (_request, response, next) => {
    response.set({ 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    next();
  };
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
  app.use(securityHeaders(options));
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
