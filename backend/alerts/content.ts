import type { AlertPoint } from '../../shared/alert.ts';
import type { LocalText } from '../../shared/language.ts';
import type { AlertEvent } from './alerts.ts';

/** A message as the outbox keeps it: in both languages, since a channel's language may change while it waits. */
export interface MessageContent extends Pick<AlertEvent, 'tone' | 'title' | 'mention'> {
  lines: LocalText[];
  items: { name: LocalText; text: LocalText; sparkline: string }[];
  links: { label: LocalText; address: string }[];
  chart?: { incident: string; points: AlertPoint[] };
}

export function contentOf({ tone, title, lines = [], links = [], mention }: AlertEvent): MessageContent {
  return { tone, title, lines, links, items: [], ...(mention === undefined ? {} : { mention }) };
}
