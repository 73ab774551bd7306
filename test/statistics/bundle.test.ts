import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('all statistics together are at most 90 kB for the browser, gzipped, and need nothing of Node', async () => {
  const { outputFiles } = await build({ entryPoints: ['shared/statistics/index.ts'], bundle: true, minify: true, write: false, format: 'iife', globalName: 'statistics', platform: 'browser', target: 'es2020', logLevel: 'error' });
  const code = outputFiles[0]!;
  expect(gzipSync(code.contents).length).toBeLessThanOrEqual(90_000);
  const page = createContext({ TextEncoder });
  runInContext(code.text, page);
  expect(runInContext('statistics.compareShares({ hits: 200, users: 4000 }, { hits: 250, users: 4000 }).pValue', page)).toBeCloseTo(0.0152558236, 9);
  expect(runInContext('statistics.studentQuantile(0.975, 10)', page)).toBeCloseTo(2.22813885198627, 12);
});
