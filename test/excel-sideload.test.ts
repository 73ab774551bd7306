import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { excelSteps } from '../excel.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

test('every program of npm run excel is installed and knows the options that it is given', () => {
  for (const step of excelSteps()) {
    const help = execFileSync(join(root, 'node_modules/.bin', step.program), [step.arguments[0] ?? '', '--help'], { cwd: root, encoding: 'utf8' });
    for (const option of step.arguments.filter((argument) => argument.startsWith('--'))) expect(help).toContain(option);
  }
});

test('the certificate files are where the tool that makes them puts them', () => {
  const defaults = require('office-addin-dev-certs/lib/defaults.js') as { localhostCertificatePath: string; localhostKeyPath: string };
  const { environment } = excelSteps()[1]!;
  expect(environment['TASKSHEET_TLS_CERTIFICATE']).toBe(defaults.localhostCertificatePath);
  expect(environment['TASKSHEET_TLS_KEY']).toBe(defaults.localhostKeyPath);
});

test('the manifest that is sideloaded is there and names the port that the demo listens on', () => {
  const [, start] = excelSteps('3000');
  const manifest = start!.arguments[1]!;
  expect(existsSync(join(root, manifest))).toBe(true);
  const ports = new Set([...readFileSync(join(root, manifest), 'utf8').matchAll(/https:\/\/localhost:(\d+)/g)].map(([, port]) => port));
  expect([...ports]).toEqual([start!.arguments.at(-1)]);
});

test('a port that is no number is refused', () => {
  expect(() => excelSteps('three thousand')).toThrow('must be a number');
});
