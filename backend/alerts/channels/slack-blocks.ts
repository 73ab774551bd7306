import type { ChannelMessage, MessageItem } from './channel.ts';
import { codeSpan, escaped, mentionMarkup, plain } from './slack-text.ts';

/** Slack's limits, and ours where they are not enough: the whole of a message must stay below about 13,000 characters. */
const most = { header: 150, line: 600, lines: 12, items: 10, name: 80, itemText: 300, section: 3000, label: 60, url: 2000, alt: 300, note: 200, fallback: 3000 };

export type SlackBlock =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: boolean } }
  | { type: 'section'; text: { type: 'plain_text'; text: string; emoji: boolean } | { type: 'mrkdwn'; text: string; verbatim: boolean } }
  | { type: 'image'; image_url: string; alt_text: string }
  | { type: 'image'; slack_file: { id: string }; alt_text: string }
  | { type: 'context'; elements: { type: 'mrkdwn'; text: string; verbatim: boolean }[] };

export interface SlackPayload {
  text: string;
  blocks?: SlackBlock[];
  unfurl_links: false;
  unfurl_media: false;
}

const signs = { trouble: '🔴', recovered: '🟢', news: '🔵' };

function markup(text: string): { type: 'mrkdwn'; text: string; verbatim: boolean } {
  return { type: 'mrkdwn', text, verbatim: true };
}

function itemLine({ name, text, sparkline }: MessageItem): string {
  return `• ${codeSpan(name, most.name)} ${escaped(text, most.itemText)}${sparkline === '' ? '' : `  ${escaped(sparkline, 40)}`}`;
}

function section(text: string): SlackBlock[] {
  return text === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text: plain(text, most.section), emoji: false } }];
}

/** Fits by itself: at most ten items of 400 characters. */
function itemSections(items: MessageItem[]): SlackBlock[] {
  const shown = items.slice(0, most.items).map(itemLine);
  const halves = [shown.slice(0, 5), shown.slice(5)].filter((half) => half.length > 0);
  return halves.map((half) => ({ type: 'section', text: markup(half.join('\n')) }));
}

function notShown({ items }: ChannelMessage): string[] {
  return items.length > most.items ? [`+ ${items.length - most.items}`] : [];
}

/** Links in words: buttons would ask for an app that answers them. */
function linkLine({ links }: ChannelMessage): string {
  return links.filter(({ url }) => url.length <= most.url).slice(0, 4).map(({ label, url }) => `<${escaped(url).replaceAll('|', '%7C')}|${escaped(label, most.label)}>`).join('  ·  ');
}

function pictureBlock({ chart }: ChannelMessage, file?: string): SlackBlock[] {
  if (chart === undefined) return [];
  const alt_text = plain(chart.alt, most.alt);
  if (file !== undefined) return [{ type: 'image', slack_file: { id: file }, alt_text }];
  return chart.url === undefined ? [] : [{ type: 'image', image_url: chart.url, alt_text }];
}

/** Without blocks, for when they were not taken: everything that matters is in the text. */
export function plainPayload(message: ChannelMessage): SlackPayload {
  const call = message.mention === undefined ? undefined : mentionMarkup(message.mention);
  const lines = [
    `${call === undefined ? '' : `${call} `}${signs[message.tone]} ${escaped(message.title, most.header)}`,
    ...message.lines.slice(0, most.lines).map((line) => escaped(line, most.line)),
    ...message.items.slice(0, most.items).map(itemLine),
    ...notShown(message),
  ];
  const text = lines.reduce((sum, line) => (sum.length + line.length > most.fallback ? sum : `${sum}\n${line}`), '').trim();
  return { text: [text, linkLine(message)].filter((part) => part !== '').join('\n'), unfurl_links: false, unfurl_media: false };
}

export function blockPayload(message: ChannelMessage, file?: string): SlackPayload {
  const call = message.mention === undefined ? undefined : mentionMarkup(message.mention);
  const links = linkLine(message);
  const notes = [...message.notes, `№ ${message.number}`].map((note) => escaped(note, most.note)).join('  ·  ');
  const lines = message.lines.slice(0, most.lines).map((line) => plain(line, most.line));
  // Twelve lines of 600 characters are more than one section takes.
  const [first, second] = [lines.slice(0, 4), lines.slice(4)];
  return {
    ...plainPayload(message),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: plain(`${signs[message.tone]} ${message.title}`, most.header), emoji: false } },
      ...(call === undefined ? [] : [{ type: 'section' as const, text: markup(call) }]),
      ...section(first.join('\n')),
      ...section(second.join('\n')),
      ...itemSections(message.items),
      ...section(notShown(message).join('')),
      ...pictureBlock(message, file),
      ...(links === '' ? [] : [{ type: 'section' as const, text: markup(links) }]),
      { type: 'context', elements: [markup(notes)] },
    ],
  };
}
