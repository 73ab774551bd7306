import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alert } from '../../backend/command/alert.ts';
import { drawChart } from '../../backend/alerts/index.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let page: string;

beforeAll(async () => {
  running = await startProduct();
  await running.product.alerts.report([
    {
      monitor: 'events',
      title: { ru: 'События', en: 'Events' },
      importance: 'normal',
      bucket: new Date(),
      scored: 1,
      findings: [
        {
          series: 'pay',
          title: { ru: 'Платежи <b>', en: 'Payments <b>' },
          direction: 'down',
          kind: 'drop',
          score: 3,
          since: new Date(),
          value: 812,
          low: 1250,
          high: 1550,
          points: [
            { time: '2026-11-23T13:00:00+03:00', value: 1400, low: 1250, high: 1550 },
            { time: '2026-11-23T14:00:00+03:00', value: 812, low: 1250, high: 1550 },
          ],
        },
      ],
    },
  ]);
}, 120_000);
afterAll(() => running?.close());

const channelHtml = async () => (await fetch(running.product.sampleChannel ?? '')).text();
const send = (fields: Record<string, string>) => fetch(page, { method: 'POST', body: new URLSearchParams(fields), headers: { 'Accept-Language': 'en' } });
const incident = async () => (await running.product.alerts.incidents())[0]!;

test('in the demo an alert reaches the channel, with its picture and a link', async () => {
  await vi.waitFor(async () => expect(await channelHtml()).toContain('Платежи'), { timeout: 10_000 });
  const html = await channelHtml();
  expect(html).not.toContain('<b>:');
  page = /href="(http[^"]+\/a\/[^"]+)"/.exec(html)![1]!;
  const picture = /<img[^>]+src="([^"]+)"/.exec(html)![1]!.replaceAll('&#47;', '/');
  const answer = await fetch(picture);
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await answer.arrayBuffer()).subarray(1, 4).toString()).toBe('PNG');
});

test('opening the link changes nothing; it shows the alert, escaped, and buttons', async () => {
  const before = await incident();
  for (const method of ['GET', 'HEAD']) expect((await fetch(page, { method, headers: { 'Accept-Language': 'ru' } })).status).toBe(200);
  for (const query of ['?decision=muted&person=robot', '?decision=acknowledged&person=robot']) await fetch(`${page}${query}`);
  const html = await (await fetch(page, { headers: { 'Accept-Language': 'ru' } })).text();
  expect(html).toContain('Платежи &#60;b&#62;');
  expect(html).toContain('Заглушить на');
  expect(await incident()).toEqual(before);
});

test('a button needs a name, and a reason where others must understand it', async () => {
  for (const fields of [{ decision: 'muted', person: ' ' }, { decision: 'expected', person: 'Anna' }, { decision: 'nothing', person: 'Anna' }, { decision: 'muted', person: 'Anna', hours: '100000' }] as Record<string, string>[]) {
    const answer = await send(fields);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Give your name');
  }
  const answer = await send({ decision: 'muted', person: '<i>Anna', hours: '4', reason: '' });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('muted');
  expect(await incident()).toMatchObject({ state: 'muted' });
  expect(await running.product.alerts.decisions('events')).toMatchObject([{ decision: 'muted', person: '<i>Anna (link)' }]);
});

test('a wrong link leads nowhere, for reading and for deeds', async () => {
  for (const path of ['/a/nothing', '/a/nothing/chart.png', `${new URL(page).pathname}x`]) expect((await fetch(`${running.address}${path}`)).status).toBe(404);
  expect((await fetch(`${running.address}/a/nothing`, { method: 'POST', body: new URLSearchParams({ decision: 'acknowledged', person: 'x' }) })).status).toBe(404);
});

test('analysts see alerts and channels and decide; a colleague does not', async () => {
  const signIn = async (demo: string) => ((await (await fetch(`${running.address}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ demo }) })).json()) as { token: string }).token;
  const [analyst, manager] = [await signIn('analyst'), await signIn('manager')];
  const ask = (token: string, path = '', init: RequestInit = {}) => fetch(`${running.address}/api/alerts${path}`, { ...init, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } });
  expect(await (await ask(analyst)).json()).toMatchObject({ incidents: [{ series: 'pay', state: 'muted' }], channels: [{ name: 'analytics', waiting: 0, trouble: null }] });
  expect((await ask(manager)).status).toBe(403);
  const { id } = await incident();
  const body = JSON.stringify({ decision: 'newNormal', reason: 'new screen' });
  expect((await ask(manager, `/${id}/decisions`, { method: 'POST', body })).status).toBe(403);
  expect(await (await ask(analyst, `/${id}/decisions`, { method: 'POST', body })).json()).toMatchObject({ incident: { state: 'absorbed' } });
});

test('a colleague’s request reaches the channel', async () => {
  const signIn = (await (await fetch(`${running.address}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ demo: 'manager' }) })).json()) as { token: string };
  await fetch(`${running.address}/api/questions`, { method: 'POST', headers: { Authorization: `Bearer ${signIn.token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ text: 'Сколько карт у Ленты?' }) });
  await vi.waitFor(async () => expect(await channelHtml()).toContain('Сколько карт у Ленты?'), { timeout: 10_000 });
});

test('the command line tries a channel and tells how all of them do', async () => {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), warn: () => undefined, status: () => undefined, json: false };
  const run = (...given: string[]) => alert.run(running.product, { arguments: given, workingDirectory: '.', output, signal: new AbortController().signal });
  expect(await run('test', 'analytics')).toBe(0);
  expect(await channelHtml()).toContain('Проверка канала Tasksheet');
  expect(await run('channels')).toBe(0);
  expect(lines).toEqual([expect.stringContaining('analytics'), expect.stringMatching(/^✓ analytics {2}slack/)]);
  await expect(run('test', 'nowhere')).rejects.toMatchObject({ code: 'not_found' });
  await expect(run('test')).rejects.toThrow('alert test CHANNEL');
});

test('channels.yaml with faults keeps its last good version and says what to write', async () => {
  await writeFile(join(running.catalog, 'channels.yaml'), 'analytics: { kind: slac, webhook: "${A}" }\nplain: { kind: slack, webhook: "https://hooks.slack.com/services/T1/B1/abc" }\nlate: { kind: slack, webhook: "${A}", digestAt: "25:00", colour: red }\n"a b": { kind: slack }\n');
  await vi.waitFor(() => expect(running.product.catalog.faults().filter(({ file }) => file === 'channels.yaml')).toHaveLength(5), { timeout: 10_000 });
  const words = running.product.catalog.faults().map(({ message, advice }) => `${message}; ${advice}`).join('\n');
  for (const part of ['unknown kind "slac"', 'in plain text', '"09:00"', 'no key "colour"', '"a b"']) expect(words).toContain(part);
  expect(running.product.catalog.channels()).toMatchObject([{ name: 'analytics', kind: 'slack' }]);
});

/** The pixels of an unfiltered RGB picture, read without our own code. */
function pixelsOf(png: Buffer): { width: number; height: number; has: (red: number, green: number, blue: number) => boolean } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const length = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const colours = new Set<string>();
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) colours.add([...rows.subarray(y * (width * 3 + 1) + 1 + x * 3, y * (width * 3 + 1) + 4 + x * 3)].join());
  return { width, height, has: (...colour) => colours.has(colour.join()) };
}

test('a chart marks in red only what is outside its range, and survives series without data', () => {
  const point = (value: number | null) => ({ time: '2026-11-23T14:00:00+03:00', value, low: 10, high: 20 });
  const outside = pixelsOf(drawChart([point(15), point(null), point(15), point(2)]));
  expect([outside.width, outside.height]).toEqual([800, 320]);
  expect(outside.has(196, 49, 75)).toBe(true);
  expect(pixelsOf(drawChart([point(15), point(12)])).has(196, 49, 75)).toBe(false);
  for (const points of [[], [point(null)], [point(1e15)], [{ time: '', value: 0, low: null, high: null }]]) expect(pixelsOf(drawChart(points)).width).toBe(800);
});
