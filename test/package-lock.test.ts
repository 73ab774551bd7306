import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  version: string;
  optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };

// npm drops platforms that its registry does not offer when it writes the lock, and then `npm ci` refuses the lock.
test('the lock names the engine of every platform, so that npm ci takes it', () => {
  const engines = packages['node_modules/chdb']?.optionalDependencies ?? {};
  expect(Object.keys(engines).length).toBeGreaterThan(1);
  for (const [name, version] of Object.entries(engines)) expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
});

test('the lock records no download addresses', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
});
