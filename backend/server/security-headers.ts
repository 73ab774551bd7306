import type { RequestHandler } from 'express';

/** Hosts that frame the pane: Excel on the web, and those that the library itself trusts. */
const officeFrames = ['https://*.officeapps.live.com', 'https://*.office.com', 'https://*.office.net', 'https://*.office365.com', 'https://*.sharepoint.com', 'https://*.partner.officewebapps.cn'];

/** For whatever is no part of the pane: it loads nothing, sends no form and stands in no frame. */
const barePolicy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface PanePolicy {
  officeJs: 'npm' | 'cdn';
  /** Further origins that may frame the pane: a simulated Excel in tests. */
  frameOrigins: string[];
}

function policyOfPane({ officeJs, frameOrigins }: PanePolicy): string {
  const scripts = officeJs === 'cdn' ? `'self' https://appsforoffice.microsoft.com` : `'self'`;
  return [
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
}

/** Stands before everything else, so that no answer goes without. */
export const bareHeaders: RequestHandler = (_request, response, next) => {
  response.set({ 'Content-Security-Policy': barePolicy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
  next();
};

/** The pane needs scripts, pictures and Excel's frame. */
export function paneHeaders(pane: PanePolicy): RequestHandler {
  const policy = policyOfPane(pane);
  return (_request, response, next) => {
    response.set('Content-Security-Policy', policy);
    next();
  };
}
