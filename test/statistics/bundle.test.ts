import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('all statistics together are at most 90 kB for the browser, gzipped', async () => {
  const { outputFiles } = await build({ entryPoints: ['shared/statistics/index.ts'], bundle: true, minify: true, write: false, format: 'esm', platform: 'browser', target: 'es2020', logLevel: 'error' });
  const bytes = gzipSync(outputFiles[0]!.contents).length;
  expect(bytes).toBeLessThanOrEqual(90_000);
  expect(bytes).toBeGreaterThan(10_000);
});
