import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { findHost } from './host.ts';
import { App } from './app.tsx';

// The content policy forbids code made at run time, which zod would otherwise try.
z.config({ jitless: true });

const place = document.getElementById('pane');
if (place === null) throw new Error('The page has no #pane.');

void findHost().then((host) => {
  createRoot(place).render(
    <StrictMode>
      <App host={host} />
    </StrictMode>,
  );
});
