import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAlerts, type Alerts } from '../../backend/alerts/index.ts';
import type { ChannelSettings } from '../../backend/catalog/task.ts';
import { openLog } from '../../backend/log.ts';
import { slackFaults } from '../../backend/stand-ins/slack/faults.ts';
import { startSlackStandIn, type SlackStandIn } from '../../backend/stand-ins/slack/stand-in.ts';
import { openState } from '../../backend/state/open-state.ts';
import type { State } from '../../backend/state/state.ts';

let directory: string;
let state: State;
let slack: SlackStandIn;
let alerts: Alerts[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasksheet-alerts-'));
  state = await openState({ directory, backups: false });
});
afterAll(async () => {
  await state?.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  slack = await startSlackStandIn();
  await state.query('DELETE FROM alert_messages');
  await state.query('DELETE FROM alert_lanes');
});
afterEach(async () => {
  await Promise.all(alerts.map((one) => one.close()));
  alerts = [];
  await slack.close();
});

const analytics: ChannelSettings = { name: 'analytics', kind: 'slack', language: 'ru', messagesPerDay: 5, digestAt: '09:00', settings: { webhook: '${SLACK_WEBHOOK}' } };
const key = Buffer.alloc(32, 7);

function start({ environment = {}, channels = [analytics], answerSeconds = 10 }: { environment?: Record<string, string>; channels?: ChannelSettings[]; answerSeconds?: number } = {}): Alerts {
  const standIns = new Map([['analytics', { origin: slack.origin, settings: { webhook: slack.webhook } }]]);
  const opened = openAlerts({ state, key, log: openLog(() => undefined), channels: () => channels, environment, timeZone: 'Europe/Moscow', address: () => 'http://localhost:3000', reachable: false, standIns, answerSeconds });
  alerts.push(opened);
  return opened;
}

const event = (name: string) => ({ key: `test/${name}`, tone: 'trouble' as const, title: { ru: `Сбой ${name}`, en: `Failure ${name}` } });
const posted = () => slack.messages.map(({ text }) => text.replace(/^\S+ /, '').split('\n')[0]);
/** Lanes wait longer than a test may: as if their time had come. */
const timeComes = () => state.query("UPDATE alert_lanes SET free_at = now() WHERE free_at > now() + interval '1500 milliseconds'");
const states = async () => (await state.query<{ state: string }>('SELECT state FROM alert_messages ORDER BY id')).map((row) => row.state);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

describe('messages', () => {
  test('arrive in order, one a second over two backends, each key once', async () => {
    const [one, other] = [start(), start()];
    const began = Date.now();
    for (const [place, name] of ['1', '2', '3', '2'].entries()) await (place % 2 === 0 ? one : other).notify(event(name));
    await until(() => expect(posted()).toEqual(['Сбой 1', 'Сбой 2', 'Сбой 3']));
    expect(Date.now() - began).toBeGreaterThan(2_000);
    expect(slack.requests).toBe(3);
  });

  test('are not there when the deed they belong to is undone', async () => {
    const one = start();
    await expect(
      state.transaction(async (transaction) => {
        await one.notify(event('undone'), transaction);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await states()).toEqual([]);
  });

  test.each(['limited', 'failing'] as const)('wait while Slack is %s, and then arrive once, in order', async (fault) => {
    slack.fault = { ...slackFaults[fault], times: 2 };
    const one = start();
    await one.notify(event('1'));
    await one.notify(event('2'));
    await until(async () => {
      await timeComes();
      expect(posted()).toEqual(['Сбой 1', 'Сбой 2']);
    });
    expect(slack.requests).toBe(4);
  });

  test('keep to the time that Slack asks for', async () => {
    slack.fault = { kind: 'answer', status: 429, headers: { 'Retry-After': '120' } };
    await start().notify(event('1'));
    await until(async () => {
      const [lane] = await state.query<{ seconds: number }>('SELECT extract(epoch FROM free_at - now())::float8 AS seconds FROM alert_lanes');
      expect(lane?.seconds).toBeGreaterThan(110);
    });
  });

  test('whose outcome nobody knows are repeated rarely, and say that they may be a repeat', async () => {
    slack.fault = { kind: 'hang', times: 1 };
    await start({ answerSeconds: 1 }).notify(event('1'));
    await until(async () => {
      const [lane] = await state.query<{ seconds: number }>('SELECT extract(epoch FROM free_at - now())::float8 AS seconds FROM alert_lanes');
      expect(lane?.seconds).toBeGreaterThan(50);
    });
    await timeComes();
    await until(() => expect(slack.messages).toHaveLength(2));
    expect(JSON.stringify(slack.messages[1]!.blocks)).toContain('возможно, повтор');
    expect(JSON.stringify(slack.messages[0]!.blocks)).not.toContain('повтор');
  });

  test('that a backend was sending when it died are sent by another, as perhaps a repeat', async () => {
    await state.query("INSERT INTO alert_messages (key, channel, content, state, sender) VALUES ('dead', 'analytics', $1, 'sending', 'a-dead-backend')", [JSON.stringify({ tone: 'news', title: { ru: 'Жив', en: 'Alive' }, lines: [], items: [], links: [] })]);
    start();
    await until(() => expect(posted()).toEqual(['Жив']));
    expect(JSON.stringify(slack.messages[0]!.blocks)).toContain('возможно, повтор');
  });

  test('that Slack will never take let the next ones through', async () => {
    slack.fault = { kind: 'answer', status: 400, body: 'invalid_payload', times: 2 };
    const one = start();
    await one.notify(event('1'));
    await one.notify(event('2'));
    await until(() => expect(posted()).toEqual(['Сбой 2']));
    await until(async () => expect(await states()).toEqual(['refused', 'sent']));
  });

  test('say so when they come late', async () => {
    await state.query("INSERT INTO alert_messages (key, channel, content, made_at) VALUES ('late', 'analytics', $1, now() - interval '3 hours')", [JSON.stringify({ tone: 'news', title: { ru: 'Давно', en: 'Long ago' }, lines: [], items: [], links: [] })]);
    start();
    await until(() => expect(slack.messages).toHaveLength(1));
    expect(JSON.stringify(slack.messages[0]!.blocks)).toContain('отправлено с опозданием');
  });
});

test('a channel whose service has been down for minutes is reported', async () => {
  slack.fault = slackFaults.failing;
  const one = start();
  await one.notify(event('1'));
  await until(async () => {
    await timeComes();
    expect(await one.channels()).toMatchObject([{ waiting: 1, trouble: { en: expect.stringContaining('will go by themselves') } }]);
  });
});

describe('a broken channel', () => {
  test.each(['gone', 'archived', 'forbidden'] as const)('(%s) keeps its messages, is reported, and goes on after a trial', async (fault) => {
    slack.fault = slackFaults[fault];
    const one = start();
    await one.notify(event('1'));
    await until(async () => expect(await one.channels()).toMatchObject([{ name: 'analytics', waiting: 1, trouble: { ru: expect.stringContaining('tasksheet alert test'), en: expect.stringContaining('no longer takes') } }]));
    const tried = slack.requests;
    await expect(one.test('analytics', new AbortController().signal)).rejects.toThrow(/was not taken/);
    expect(slack.requests).toBe(tried + 1);
    slack.fault = undefined;
    await one.test('analytics', new AbortController().signal);
    await until(() => expect(posted()).toEqual(['Проверка канала Tasksheet', 'Сбой 1']));
    await until(async () => expect(await one.channels()).toMatchObject([{ waiting: 0, trouble: null }]));
  });

  test('without its secret, or gone from the catalog, is reported in words, never with an address', async () => {
    const other: ChannelSettings = { ...analytics, name: 'sales' };
    const wrong: ChannelSettings = { ...analytics, name: 'wrong', settings: { webhook: '${WRONG}' } };
    const one = start({ channels: [other, wrong], environment: { WRONG: 'https://evil.example/services/T1/B1/secretsecret' } });
    await one.notify(event('1'));
    await state.query("UPDATE alert_messages SET channel = 'former'");
    const reports = await one.channels();
    expect(reports.map(({ name, trouble }) => [name, trouble?.en])).toEqual([
      ['sales', expect.stringContaining('SLACK_WEBHOOK')],
      ['wrong', expect.stringContaining('does not fit')],
      ['former', expect.stringContaining('no longer in channels.yaml')],
    ]);
    expect(JSON.stringify(reports)).not.toContain('secretsecret');
    await expect(one.test('nowhere', new AbortController().signal)).rejects.toThrow(/There are: sales, wrong/);
  });
});
