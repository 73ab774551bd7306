import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The pane: `addin/taskpane.html` → `dist/taskpane/`, served by the backend at `/`. */
export default defineConfig({
  root: here('addin'),
  base: '/',
  publicDir: here('addin/public'),
  plugins: [react()],
  build: {
    outDir: here('dist/taskpane'),
    emptyOutDir: true,
    // Safari inside Excel for Mac is as old as its macOS.
    target: ['es2020', 'safari14'],
    // The content policy allows no data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: here('addin/taskpane.html') },
  },
});
