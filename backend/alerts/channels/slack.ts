import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { secret } from '../../sources/secret.ts';
import { channelKind, type ChannelMessage, type ChannelTools, type Delivery } from './channel.ts';
import { post, type PostAnswer } from './post.ts';
import { blockPayload, plainPayload, type SlackPayload } from './slack-blocks.ts';
import { postWithToken } from './slack-bot.ts';

const hosts = ['https://hooks.slack.com', 'https://hooks.slack-gov.com'];
const path = /^\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+$/;

/** A webhook's address is checked before anything is sent to it: it comes from the server's environment, where mistakes are made. */
function checkedWebhook(text: string, { standIn }: ChannelTools): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known = url !== undefined && (hosts.includes(url.origin) || url.origin === standIn);
  if (url !== undefined && known && path.test(url.pathname) && url.search === '' && url.username === '') return url;
  throw new Problem('invalid_request', {
    ru: `Адрес вебхука Slack не подходит: нужен https://hooks.slack.com/services/T…/B…/…, а дан ${shape(url)}. Скопируйте его в Slack: Apps → Incoming Webhooks.`,
    en: `The Slack webhook address does not fit: https://hooks.slack.com/services/T…/B…/… is needed, ${shape(url)} was given. Copy it from Slack: Apps → Incoming Webhooks.`,
  });
}

/** What may be said of an address that may hold a secret. */
function shape(url: URL | undefined): string {
  return url === undefined ? '—' : `${url.protocol}//${url.host}/…`;
}

/** Slack's answers to a webhook: contracts.md §2.2. */
function deliveryOf(answer: PostAnswer): Delivery {
  if (answer.kind === 'unsent') return { outcome: 'later', trouble: answer.trouble };
  if (answer.kind === 'unknown') return { outcome: 'unknown', trouble: answer.trouble };
  const { status, retryAfter } = answer;
  const trouble = `Slack: ${status} ${answer.body.slice(0, 80).replace(/\s+/g, ' ')}`.trim();
  if (status === 200) return { outcome: 'sent' };
  if (status === 429) return { outcome: 'later', trouble, afterSeconds: retryAfter ?? 30 };
  if (status >= 500) return { outcome: 'later', trouble, ...(retryAfter === undefined ? {} : { afterSeconds: retryAfter }) };
  if (status === 403 || status === 404 || status === 410) return { outcome: 'broken', trouble: brokenWords(trouble) };
  return { outcome: 'refused', trouble };
}

function brokenWords(trouble: string): { ru: string; en: string } {
  return {
    ru: `Slack больше не принимает сообщения по этому вебхуку (${trouble}). Верните канал или сделайте новый вебхук, впишите его в окружение сервера и проверьте: tasksheet alert test.`,
    en: `Slack no longer takes messages at this webhook (${trouble}). Restore the channel or make a new webhook, put it into the server's environment, and try: tasksheet alert test.`,
  };
}

/** Incoming webhooks, or a bot where a token is given: it alone can attach a picture. */
export const slack = channelKind({
  kind: 'slack',
  settings: z.strictObject({
    webhook: secret(),
    /** A bot's token with `chat:write` and `files:write`, and the id of the channel it was invited to. */
    token: secret().optional(),
    channel: z.string().regex(/^[CG][A-Z0-9]+$/, 'the id of a Slack channel, such as C024BE91L').optional(),
  }),
  open({ webhook, token, channel }, tools) {
    const url = checkedWebhook(webhook, tools);
    const trusted = url.origin === tools.standIn;
    const send = (payload: SlackPayload, signal: AbortSignal) =>
      post({ url: url.href, body: JSON.stringify(payload), headers: { 'Content-Type': 'application/json; charset=utf-8' }, trusted, answerSeconds: tools.answerSeconds, signal });
    const byWebhook = async (message: ChannelMessage, signal: AbortSignal): Promise<Delivery> => {
      const delivery = deliveryOf(await send(blockPayload(message), signal));
      // A message that Slack does not understand with its blocks is surely not posted; its words alone are better than silence.
      return delivery.outcome === 'refused' ? deliveryOf(await send(plainPayload(message), signal)) : delivery;
    };
    const bot = token === undefined || channel === undefined ? undefined : { token, channel, origin: trusted ? url.origin : 'https://slack.com', trusted, answerSeconds: tools.answerSeconds };
    return {
      lane: `slack ${createHash('sha256').update(url.href).digest('hex').slice(0, 16)}`,
      send: (message, signal) => (bot === undefined ? byWebhook(message, signal) : postWithToken(message, bot, signal)),
    };
  },
});
