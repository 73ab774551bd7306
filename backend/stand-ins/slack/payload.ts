import { z } from 'zod';

/** What Slack says of a payload that it does not take; `null` when it does. */
export type Refusal = 'invalid_payload' | 'no_text' | 'invalid_blocks' | 'msg_blocks_too_long';

const plainText = (most: number) => z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const markup = (most: number) => z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() });
const picture = { title: plainText(2000).optional(), alt_text: z.string().min(1).max(2000), block_id: z.string().max(255).optional() };

const block = z.union([
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z.strictObject({ type: z.literal('section'), text: z.union([plainText(3000), markup(3000)]) }),
  z.strictObject({ type: z.literal('image'), image_url: z.url().max(3000), ...picture }),
  z.strictObject({ type: z.literal('image'), slack_file: z.strictObject({ id: z.string() }), ...picture }),
  z.strictObject({ type: z.literal('context'), elements: z.array(z.union([plainText(3000), markup(3000)])).min(1).max(10) }),
  z.strictObject({ type: z.literal('divider') }),
]);
export type StandInBlock = z.infer<typeof block>;

/** One message in the stand-in's channel. */
export interface PostedMessage {
  at: Date;
  text: string;
  blocks: StandInBlock[];
  unfurls: boolean;
  by: 'webhook' | 'bot';
}

const payload = z.strictObject({ text: z.string().optional(), blocks: z.array(z.unknown()).optional(), unfurl_links: z.boolean().optional(), unfurl_media: z.boolean().optional(), thread_ts: z.string().optional() });

/** Over all blocks; not documented by Slack, seen by its users. */
const mostCharacters = 13_200;

export type ReadPayload = { refusal: Refusal } | { text: string; blocks: StandInBlock[]; unfurls: boolean };

/** Reads a message as strictly as Slack does. */
export function readPayload(text: string): ReadPayload {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { refusal: 'invalid_payload' };
  }
  const read = payload.safeParse(given);
  if (!read.success) return { refusal: 'invalid_payload' };
  const { text: fallback = '', blocks = [], unfurl_links: unfurls = true } = read.data;
  if (fallback === '' && blocks.length === 0) return { refusal: 'no_text' };
  const checked = z.array(block).max(50).safeParse(blocks);
  if (!checked.success) return { refusal: 'invalid_blocks' };
  if (JSON.stringify(blocks).length > mostCharacters) return { refusal: 'msg_blocks_too_long' };
  return { text: fallback, blocks: checked.data, unfurls };
}

/** Whom a text would call or link to: what stands between < and > unescaped. */
export function activeParts(message: { text: string; blocks: StandInBlock[] }): string[] {
  const texts = message.blocks.flatMap((one) => ('text' in one && one.text.type === 'mrkdwn' ? [one.text.text] : one.type === 'context' ? one.elements.filter(({ type }) => type === 'mrkdwn').map(({ text }) => text) : []));
  return [message.text, ...texts].flatMap((text) => [...text.matchAll(/<([^>]*)>/g)].map(([, part = '']) => part));
}
