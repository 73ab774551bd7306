import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelMessage } from '../../backend/alerts/channels/channel.ts';
import { isClosedAddress } from '../../backend/alerts/channels/post.ts';
import { slack } from '../../backend/alerts/channels/slack.ts';
import { webhook } from '../../backend/alerts/channels/webhook.ts';
import { codeSpan, escaped, mentionMarkup } from '../../backend/alerts/channels/slack-text.ts';
import { slackFaults } from '../../backend/stand-ins/slack/faults.ts';
import { activeParts } from '../../backend/stand-ins/slack/payload.ts';
import { startSlackStandIn, type SlackStandIn } from '../../backend/stand-ins/slack/stand-in.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');
const message: ChannelMessage = {
  number: 7,
  tone: 'trouble',
  title: 'Платежи: −42 %, с 14:00',
  lines: ['812 (обычно 1 250–1 520)', '▁▂▃▅▇▁'],
  items: [],
  links: [{ label: 'Открыть', url: 'https://tasksheet.company.example/a/1.2?x=1&y=2' }],
  notes: [],
};
const signal = new AbortController().signal;

let standIn: SlackStandIn;
beforeEach(async () => {
  standIn = await startSlackStandIn();
});
afterEach(() => standIn.close());

const tools = (answerSeconds = 5) => ({ standIn: standIn.origin, answerSeconds });
const open = (more: Record<string, unknown> = {}, answerSeconds = 5) => slack.open({ webhook: standIn.webhook, ...more }, tools(answerSeconds));

describe('a message to Slack', () => {
  test('has words for notifications, blocks, a link, its number, and no previews', async () => {
    expect(await open().send(message, signal)).toEqual({ outcome: 'sent' });
    const [posted] = standIn.messages;
    expect(posted).toMatchObject({ unfurls: false, by: 'webhook' });
    expect(posted!.text).toContain('Платежи: −42 %, с 14:00');
    expect(JSON.stringify(posted!.blocks)).toContain('№ 7');
    expect(activeParts(posted!)).toContain('https://tasksheet.company.example/a/1.2?x=1&amp;y=2|Открыть');
  });

  test('calls nobody and links nowhere, whatever names say', async () => {
    const hostile = '<!channel> <@U012345> <https://evil.example|press> `*_~ & 😀';
    const items = [{ name: hostile, text: hostile, sparkline: '▁▂' }];
    await open().send({ ...message, title: hostile, lines: [hostile], items, links: [], notes: [hostile] }, signal);
    expect(activeParts(standIn.messages[0]!)).toEqual([]);
  });

  test('calls whom the monitor names, and only in the forms that Slack knows', () => {
    expect(['@here', 'channel', 'U024BE7LH', 'S0615G0KT', '<!channel>', 'anna'].map(mentionMarkup)).toEqual(['<!here>', '<!channel>', '<@U024BE7LH>', '<!subteam^S0615G0KT>', undefined, undefined]);
  });

  test('is cut by characters, never within one or within an entity', () => {
    expect(escaped('a&b', 3)).toBe('a…');
    expect(escaped('😀😀', 3)).toBe('😀…');
    expect(escaped('a<b', 10)).toBe('a&lt;b');
    expect(codeSpan('a`b', 20)).toBe("`a'b`");
  });

  test.each([23, 400])('of %i series with names of 300 characters stays within the limits', async (count) => {
    const items = Array.from({ length: count }, (_, place) => ({ name: `${'<&>'.repeat(100)}${place}`, text: '&'.repeat(900), sparkline: '▁▂▃▄▅▆▇█▁▂▃▄▅▆' }));
    const long = 'длинно & '.repeat(2000);
    expect(await open().send({ ...message, title: long, lines: Array.from({ length: 40 }, () => long), items, notes: [long] }, signal)).toEqual({ outcome: 'sent' });
    expect(JSON.stringify(standIn.messages[0]!.blocks)).toContain(`+ ${count - 10}`);
  });

  test('shows its picture by address, or by a file of its own where a bot may put one', async () => {
    const chart = { alt: 'Платежи', png: () => png };
    await open().send({ ...message, chart: { ...chart, url: 'https://tasksheet.company.example/a/1.2/chart.png' } }, signal);
    expect(standIn.messages[0]!.blocks.find(({ type }) => type === 'image')).toMatchObject({ image_url: 'https://tasksheet.company.example/a/1.2/chart.png' });
    expect(await open({ token: standIn.token, channel: standIn.channel }).send({ ...message, chart }, signal)).toEqual({ outcome: 'sent' });
    expect(standIn.messages[1]).toMatchObject({ by: 'bot' });
    expect([...standIn.files.values()]).toEqual([png]);
    expect(standIn.messages[1]!.blocks.some((block) => 'slack_file' in block && standIn.files.has(block.slack_file.id))).toBe(true);
  });

  test('goes without blocks when Slack does not understand them', async () => {
    standIn.fault = { kind: 'answer', status: 400, body: 'invalid_blocks', times: 1 };
    expect(await open().send(message, signal)).toEqual({ outcome: 'sent' });
    expect(standIn.messages[0]!.blocks).toEqual([]);
  });
});

describe('what Slack answers', () => {
  test.each([
    ['gone', 'broken'],
    ['archived', 'broken'],
    ['forbidden', 'broken'],
    ['limited', 'later'],
    ['failing', 'later'],
  ] as const)('%s is %s', async (fault, outcome) => {
    standIn.fault = slackFaults[fault];
    expect(await open().send(message, signal)).toMatchObject({ outcome, ...(fault === 'limited' ? { afterSeconds: 2 } : {}) });
    expect(standIn.messages).toEqual([]);
  });

  test('is unknown when it never comes or the connection breaks, for the message may be there', async () => {
    standIn.fault = { kind: 'hang' };
    expect(await open({}, 0.2).send(message, signal)).toMatchObject({ outcome: 'unknown' });
    standIn.fault = { kind: 'reset' };
    expect(await open().send(message, signal)).toMatchObject({ outcome: 'unknown' });
    expect(standIn.messages).toHaveLength(2);
  });

  test('a closed port is surely not taken; a bot without rights is broken, in words', async () => {
    const channel = open();
    const bot = open({ token: 'xoxb-wrong', channel: standIn.channel });
    expect(await bot.send(message, signal)).toMatchObject({ outcome: 'broken', trouble: { ru: expect.stringContaining('invalid_auth') } });
    await standIn.close();
    expect(await channel.send(message, signal)).toMatchObject({ outcome: 'later' });
    standIn = await startSlackStandIn();
  });

  test('a burst beyond one a second is limited', async () => {
    const outcomes = [];
    for (let at = 0; at < 4; at++) outcomes.push((await open().send(message, signal)).outcome);
    expect(outcomes).toEqual(['sent', 'sent', 'sent', 'later']);
  });
});

describe('addresses', () => {
  test.each(['https://hooks.slack.com.evil.example/services/T1/B1/x', 'http://hooks.slack.com/services/T1/B1/x', 'https://hooks.slack.com/other', 'http://127.0.0.1:1/services/T1/B1/x', 'https://user@hooks.slack.com/services/T1/B1/x', 'not an address'])('%s is no Slack webhook', (address) => {
    expect(() => slack.open({ webhook: address }, { answerSeconds: 1 })).toThrow(/does not fit/);
  });

  test.each(['https://127.0.0.1:1/x', 'https://[::1]:1/x', 'https://10.1.2.3/x', 'https://169.254.169.254/latest', 'https://[::ffff:192.168.0.1]/x', 'https://localhost:1/x', 'https://2130706433/x'])('%s is not posted to', async (address) => {
    expect(await webhook.open({ address }, { answerSeconds: 1 }).send(message, signal)).toMatchObject({ outcome: 'later', trouble: 'the address leads into a private network' });
  });

  test('public ones are open', () => {
    expect(['8.8.8.8', '2a00:1450:4001::200e', '172.15.0.1', '172.32.0.1'].map(isClosedAddress)).toEqual([false, false, false, false]);
    expect(['172.16.0.1', '::ffff:10.0.0.1', 'fd00::1', 'fe80::1', '0.0.0.0', '100.64.0.1', '64:ff9b::7f00:1', 'no address'].map(isClosedAddress)).toEqual(Array(8).fill(true));
  });
});
