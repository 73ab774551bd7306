import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { keepEscapeInPane } from './escape-key.ts';
import { findHost } from './host.ts';
import { App } from './app.tsx';
import { connectRibbon } from './ribbon.ts';
import { associateFunctions } from '../functions/index.ts';

// The content policy forbids code made at run time, which zod would otherwise try.
z.config({ jitless: true });

// Cells may be calculated before the pane is drawn; they are answered once someone has signed in.
if (typeof CustomFunctions !== 'undefined') associateFunctions();

keepEscapeInPane();

const place = document.getElementById('pane');
if (place === null) throw new Error('The page has no #pane.');

void findHost().then((host) => {
  if (host.excel) connectRibbon();
  createRoot(place).render(
    <StrictMode>
      <App host={host} />
    </StrictMode>,
  );
});
