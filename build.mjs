// Builds dist/: the backend with esbuild, the pane and the worksheet functions with Vite. `node build.mjs backend` builds only that.
import { readdirSync, writeFileSync } from 'node:fs';
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
  await buildPane({ configFile: 'vite.config.ts', logLevel: 'error' });
  // Excel asks for a script of its own beside the shared page; where it loads it, cells learn that the pane is needed.
  await build({
    stdin: { contents: `import { associateFunctions } from './addin/functions/index.ts';\nassociateFunctions();`, resolveDir: '.', loader: 'ts' },
    outfile: 'dist/taskpane/functions.js',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    logLevel: 'warning',
  });
  await writeFunctionsMetadata();
}

/** functions.json tells Excel names, arguments and help of the worksheet functions; it comes from their JSDoc. */
async function writeFunctionsMetadata() {
  const { generateCustomFunctionsMetadata } = await import('custom-functions-metadata');
  const files = readdirSync('addin/functions').filter((name) => name.endsWith('.ts')).map((name) => `addin/functions/${name}`);
  const { errors, metadataJson } = await generateCustomFunctionsMetadata(files);
  if (errors.length > 0) throw new Error(`functions.json: ${errors.join(' ')}`);
  const { functions, ...rest } = JSON.parse(metadataJson);
  if (functions.length === 0) throw new Error('functions.json: no worksheet function was found.');
  writeFileSync('dist/taskpane/functions.json', JSON.stringify({ ...rest, functions }, null, 2));
}
