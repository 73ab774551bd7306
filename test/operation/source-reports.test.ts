import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sources as command } from '../../backend/command/sources.ts';
import { reportSources } from '../../backend/operation/source-reports.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;

beforeAll(async () => {
  running = await startProduct({ sample: false });
  await writeFile(
    join(running.catalog, 'sources.yaml'),
    `warehouse: { kind: workbench, database: wallet }
crm2: { kind: mssql, server: crm.company.example, database: crm, user: reader, password: "\${CRM_PASSWORD}" }
amplitude: { kind: amplitude, region: eu, key: "\${AMPLITUDE_KEY}", secret: "\${AMPLITUDE_SECRET}" }
`,
  );
  await vi.waitFor(() => expect(running.product.sources.kindOf('crm2')).toBe('mssql'), { timeout: 15_000 });
});
afterAll(() => running.close());

test('every source says whether it works, with its version, and one that fails holds up none', async () => {
  const { sources, catalog } = running.product;
  const reports = await reportSources({ sources, catalog, failed: (error) => expect.unreachable(String(error)), limitMs: 1_500 }, new AbortController().signal);
  expect(reports.map(({ name }) => name)).toEqual(['amplitude', 'crm2', 'tasksheet', 'warehouse', 'workbench']);
  const of = (name: string) => reports.find((one) => one.name === name);
  expect(of('warehouse')).toMatchObject({ kind: 'workbench', status: { state: 'works', version: expect.stringMatching(/\d/) as string } });
  expect(of('warehouse')?.usedBy).toBeGreaterThan(3);
  expect(of('crm2')).toMatchObject({ kind: 'mssql', status: { state: 'fails', message: { en: expect.stringContaining('CRM_PASSWORD') as string } } });
  expect(JSON.stringify(reports)).not.toContain('reader');
});

test('a source that never answers is given up in time', async () => {
  const hanging = { ...running.product.sources.get('warehouse')!, check: () => new Promise<never>(() => undefined) };
  const sources = Object.assign(new Map([['hanging', hanging], ['warehouse', running.product.sources.get('warehouse')!]]), { kindOf: () => 'clickhouse', settingsOf: () => '' });
  const begun = performance.now();
  const reports = await reportSources({ sources: sources as never, catalog: running.product.catalog, failed: () => undefined, limitMs: 700 }, new AbortController().signal);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(reports.map(({ status }) => (status.state === 'fails' ? status.code : status.state))).toEqual(['time_limit', 'works']);
});

test('the page is for operators alone', async () => {
  const operator = await running.api.signInAs('operator');
  const { sources } = await operator.call('sources');
  expect(sources).toHaveLength(5);
  for (const role of ['manager', 'analyst'] as const) expect((await (await running.api.signInAs(role)).problem('sources')).code).toBe('not_allowed');
});

test('the command prints each, and fails when one does not work', async () => {
  const lines: string[] = [];
  const output = { json: false, line: (text: string) => lines.push(text), warn: () => undefined, status: () => undefined };
  const input = { workingDirectory: '.', signal: new AbortController().signal };
  expect(await command.run(running.product, { ...input, arguments: [], output: output as never })).toBe(1);
  expect(lines.find((line) => line.startsWith('✓ warehouse'))).toMatch(/workbench, .*\d+ ?(мс|ms)/);
  expect(lines.join('\n')).toContain('CRM_PASSWORD');
  lines.length = 0;
  await command.run(running.product, { ...input, arguments: [], output: { ...output, json: true } as never });
  expect(JSON.parse(lines.join('')) as object).toMatchObject({ sources: expect.any(Array) as unknown[] });
  await expect(command.run(running.product, { ...input, arguments: ['x'], output: output as never })).rejects.toThrow();
});
