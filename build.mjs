// Builds dist/: the backend with esbuild, the pane and the worksheet functions with Vite. `node build.mjs backend` builds only that.
import { build } from 'esbuild';

const only = process.argv[2];

if (only !== 'pane')
  await build({
    entryPoints: ['backend/main.ts', 'backend/workbench/engine-process.ts', 'backend/exports/xlsx-worker.ts'],
    outdir: 'dist',
    outbase: '.',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    splitting: true,
    chunkNames: 'backend/chunks/[name]-[hash]',
    logLevel: 'warning',
  });

if (only !== 'backend') {
  const { build: buildPane } = await import('vite');
  await buildPane({ configFile: 'vite.config.ts', logLevel: 'warn' });
}
