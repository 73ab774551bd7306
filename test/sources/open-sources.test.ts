import { expect, test } from 'vitest';
import { openSources } from '../../backend/sources/open-sources.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';

/** Nothing is asked of it while sources are only opened. */
const workbench = { isServer: () => false } as unknown as Workbench;
const list = {
  sources: () => [{ name: 'warehouse', kind: 'clickhouse', settings: { url: '${WAREHOUSE_URL}', user: 'reader', password: '${WAREHOUSE_PASSWORD}', database: 'wallet' } }],
  onChange: () => () => undefined,
};
const settingsWith = async (url: string, password: string): Promise<string> => {
  const sources = openSources(list, { workbench, timeZone: 'Europe/Moscow', environment: { WAREHOUSE_URL: url, WAREHOUSE_PASSWORD: password }, failed: (error) => expect.unreachable(String(error)) });
  const settings = sources.settingsOf('warehouse');
  await sources.close();
  return settings;
};

test('a server that the environment names is another one when the environment changes; a password is never in the settings', async () => {
  const first = await settingsWith('https://staging.company.example:8443', 'first-secret');
  expect(await settingsWith('https://production.company.example:8443', 'first-secret')).not.toBe(first);
  expect(await settingsWith('https://staging.company.example:8443', 'second-secret')).toBe(first);
  expect(first).toContain('staging');
  expect(first).not.toContain('secret');
});
