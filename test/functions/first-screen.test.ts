import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('the pane starts without the statistics: they are a file of their own, loaded by the first formula', async () => {
  const { metafile } = await build({ entryPoints: ['addin/taskpane/main.tsx'], bundle: true, splitting: true, write: false, metafile: true, outdir: 'unused', format: 'esm', platform: 'browser', target: 'es2020', jsx: 'automatic', logLevel: 'error' });
  const entry = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === 'addin/taskpane/main.tsx');
  const first = new Set<string>();
  const reach = (file: string): void => {
    if (first.has(file)) return;
    first.add(file);
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) if (kind === 'import-statement') reach(path);
  };
  reach(entry![0]);
  const inputsOf = (files: string[]) => files.flatMap((file) => Object.keys(metafile.outputs[file]!.inputs));
  const isStatistic = (input: string) => /^shared\/statistics\/|node_modules\/(@stdlib|jstat)\//.test(input);
  expect(inputsOf([...first]).filter(isStatistic)).toEqual([]);
  expect(inputsOf(Object.keys(metafile.outputs)).some(isStatistic)).toBe(true);
});
