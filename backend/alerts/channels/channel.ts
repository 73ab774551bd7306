import type { z } from 'zod';
import type { LocalText } from '../../../shared/language.ts';

/** One of several things that a message is about. */
export interface MessageItem {
  name: string;
  text: string;
  sparkline: string;
}

/** A message in the channel's language, free of any service's markup: names in it are data. */
export interface ChannelMessage {
  /** Of this message, for people who must tell a repeat from news. */
  number: number;
  tone: 'trouble' | 'recovered' | 'news';
  title: string;
  lines: string[];
  items: MessageItem[];
  links: { label: string; url: string }[];
  mention?: string;
  chart?: MessageChart;
  /** Said small at the end: sent late, may be a repeat. */
  notes: string[];
}

export interface MessageChart {
  alt: string;
  /** Where the picture is, when the service can reach this backend. */
  url?: string;
  png(): Buffer;
}

/** What became of one try. */
export type Delivery =
  | { outcome: 'sent' }
  /** Surely not taken now: again after so many seconds, or by the outbox's own patience. */
  | { outcome: 'later'; trouble: string; afterSeconds?: number }
  /** Perhaps taken: the answer never came. */
  | { outcome: 'unknown'; trouble: string }
  /** This message will never be taken. */
  | { outcome: 'refused'; trouble: string }
  /** Nothing will be taken until a person mends it. */
  | { outcome: 'broken'; trouble: LocalText };

export interface Channel {
  /** Channels with the same lane share one address: its messages go one by one. Holds no secret. */
  lane: string;
  /** Never throws. */
  send(message: ChannelMessage, signal: AbortSignal): Promise<Delivery>;
}

export interface ChannelTools {
  /** Origin of a service that the product itself runs in place of the real one; all others are held to the public network. */
  standIn?: string;
  /** How long an answer is waited for. */
  answerSeconds: number;
}

/** One way to reach people; a new one is a file beside this and a line in the list. */
export interface ChannelKind {
  kind: string;
  settings: z.ZodObject;
  /** Throws Problem when the settings cannot work. */
  open(settings: Record<string, unknown>, tools: ChannelTools): Channel;
}

/** Gives `open` its settings as the schema reads them. */
export function channelKind<S extends z.ZodObject>(of: { kind: string; settings: S; open(settings: z.output<S>, tools: ChannelTools): Channel }): ChannelKind {
  return { ...of, open: (settings, tools) => of.open(of.settings.parse(settings), tools) };
}
