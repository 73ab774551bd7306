import type { ChannelKind } from './channel.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Every kind of channel that channels.yaml may name. */
export const channelKinds: readonly ChannelKind[] = [slack, webhook];
