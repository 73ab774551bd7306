import { z } from 'zod';
import type { ChannelMessage, Delivery } from './channel.ts';
import { post, type PostAnswer } from './post.ts';
import { blockPayload, plainPayload } from './slack-blocks.ts';

/** A bot that was invited to one channel. */
export interface SlackBot {
  token: string;
  channel: string;
  origin: string;
  trusted: boolean;
  answerSeconds: number;
}

/** The web API answers 200 whatever happened; the body says what. */
const apiAnswer = z.looseObject({ ok: z.boolean(), error: z.string().optional(), upload_url: z.string().optional(), file_id: z.string().optional() });

const brokenErrors = ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope', 'channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'org_login_required', 'no_permission'];
const passingErrors = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'];

function read(answer: PostAnswer): z.infer<typeof apiAnswer> | undefined {
  if (answer.kind !== 'answer' || answer.status !== 200) return undefined;
  try {
    return apiAnswer.parse(JSON.parse(answer.body));
  } catch {
    return undefined;
  }
}

function call({ token, origin, trusted, answerSeconds }: SlackBot, method: string, fields: Record<string, string>, signal: AbortSignal): Promise<PostAnswer> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-www-form-urlencoded' };
  return post({ url: `${origin}/api/${method}`, body: new URLSearchParams(fields).toString(), headers, trusted, answerSeconds, signal });
}

/** The picture's id at Slack; `undefined` when it could not be put there: a message without a picture is still a message. */
async function upload(message: ChannelMessage, bot: SlackBot, signal: AbortSignal): Promise<string | undefined> {
  if (message.chart === undefined) return undefined;
  const png = message.chart.png();
  const place = read(await call(bot, 'files.getUploadURLExternal', { filename: `alert-${message.number}.png`, length: String(png.length), alt_txt: message.chart.alt.slice(0, 1000) }, signal));
  if (place?.ok !== true || place.upload_url === undefined || place.file_id === undefined || !isSlackAddress(place.upload_url, bot)) return undefined;
  const { trusted, answerSeconds } = bot;
  const sent = await post({ url: place.upload_url, body: png, headers: { 'Content-Type': 'application/octet-stream' }, trusted, answerSeconds, signal });
  if (sent.kind !== 'answer' || sent.status !== 200) return undefined;
  const done = read(await call(bot, 'files.completeUploadExternal', { files: JSON.stringify([{ id: place.file_id, title: message.title.slice(0, 200) }]) }, signal));
  return done?.ok === true ? place.file_id : undefined;
}

function isSlackAddress(text: string, { origin }: SlackBot): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.origin === origin || (url.protocol === 'https:' && /\.slack(-gov)?\.com$/.test(url.hostname)));
}

function deliveryOf(answer: PostAnswer): Delivery {
  if (answer.kind === 'unsent') return { outcome: 'later', trouble: answer.trouble };
  if (answer.kind === 'unknown') return { outcome: 'unknown', trouble: answer.trouble };
  if (answer.status === 429) return { outcome: 'later', trouble: 'Slack: 429', afterSeconds: answer.retryAfter ?? 30 };
  const said = read(answer);
  if (said?.ok === true) return { outcome: 'sent' };
  const error = said?.error ?? `HTTP ${answer.status}`;
  if (error === 'ratelimited') return { outcome: 'later', trouble: `Slack: ${error}`, afterSeconds: answer.retryAfter ?? 30 };
  if (brokenErrors.includes(error)) return { outcome: 'broken', trouble: brokenWords(error) };
  if (said === undefined || passingErrors.includes(error)) return { outcome: answer.status === 200 ? 'unknown' : 'later', trouble: `Slack: ${error}` };
  return { outcome: 'refused', trouble: `Slack: ${error}` };
}

function brokenWords(error: string): { ru: string; en: string } {
  return {
    ru: `Slack не принимает сообщения бота (${error}). Проверьте токен, его права chat:write и files:write, пригласите бота в канал и проверьте: tasksheet alert test.`,
    en: `Slack does not take the bot's messages (${error}). Check the token and its rights chat:write and files:write, invite the bot to the channel, and try: tasksheet alert test.`,
  };
}

/** By `chat.postMessage`, with the chart as a file of Slack's own. */
export async function postWithToken(message: ChannelMessage, bot: SlackBot, signal: AbortSignal): Promise<Delivery> {
  const file = await upload(message, bot, signal);
  const tries = [...(file === undefined ? [] : [blockPayload(message, file)]), blockPayload(message), plainPayload(message)];
  let delivery: Delivery = { outcome: 'refused', trouble: '' };
  for (const { text, blocks } of tries) {
    const fields = { channel: bot.channel, text, unfurl_links: 'false', unfurl_media: 'false', ...(blocks === undefined ? {} : { blocks: JSON.stringify(blocks) }) };
    delivery = deliveryOf(await call(bot, 'chat.postMessage', fields, signal));
    if (delivery.outcome !== 'refused') break;
  }
  return delivery;
}
