import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelReport } from '../../shared/alert.ts';
import { Problem } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';
import type { ChannelSettings } from '../catalog/task.ts';
import type { Log } from '../log.ts';
import type { Channel, ChannelMessage, Delivery } from './channels/channel.ts';
import type { MessageContent } from './content.ts';
import { openChannel, type ChannelOpening, type OpenedChannel } from './open-channels.ts';
import type { Outbox, WaitingMessage } from './outbox.ts';

export interface CourierParts extends ChannelOpening {
  outbox: Outbox;
  log: Log;
  channels: () => ChannelSettings[];
  render: (message: WaitingMessage, channel: ChannelSettings) => ChannelMessage;
}

/** Takes messages from the outbox to their channels, for as long as it takes. */
export interface Courier {
  reports(): Promise<ChannelReport[]>;
  test(name: string, key: string, content: MessageContent, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

type Usable = Extract<OpenedChannel, { channel: Channel }>;

/** So many tries in a row are minutes without an answer. */
const worthSaying = 4;
const silentWords: LocalText = { ru: 'Служба канала не отвечает или не принимает сообщения. Они ждут и уйдут сами.', en: "The channel's service does not answer, or takes no messages. They wait and will go by themselves." };
const tickMs = 500;
const graceMs = 3_000;
const trialPatienceMs = 30_000;
const settlePause = { firstMs: 200, mostMs: 5_000 };

export function startCourier(parts: CourierParts): Courier {
  const { outbox, log } = parts;
  const stopped = new AbortController();
  const sending = new AbortController();
  const opened = new Map<string, { text: string; channel: OpenedChannel }>();
  const busy = new Map<string, Promise<void>>();

  const openedChannel = (settings: ChannelSettings): OpenedChannel => {
    const text = JSON.stringify(settings);
    const known = opened.get(settings.name);
    if (known?.text === text) return known.channel;
    const channel = openChannel(settings, parts);
    opened.set(settings.name, { text, channel });
    return channel;
  };
  const usable = (): Usable[] => parts.channels().map(openedChannel).filter((one): one is Usable => one.channel !== undefined);

  const send = async (message: WaitingMessage, { channel, settings }: Usable, signal: AbortSignal): Promise<Delivery> => {
    try {
      return await channel.send(parts.render(message, settings), signal);
    } catch (error) {
      log.error('message_not_rendered', error, { message: message.id });
      return { outcome: 'refused', trouble: 'it could not be written' };
    }
  };
  /** Until the database takes it: otherwise a message that was sent would be sent again. */
  const settle = async (lane: string, id: number, delivery: Delivery): Promise<void> => {
    for (let pauseMs = settlePause.firstMs; ; pauseMs = Math.min(pauseMs * 2, settlePause.mostMs))
      try {
        await outbox.settle(lane, id, delivery);
        break;
      } catch (error) {
        log.error('message_not_settled', error, { message: id });
        if (stopped.signal.aborted) return;
        await wait(pauseMs);
      }
    if (delivery.outcome !== 'sent') log.warn(`message_${delivery.outcome}`, { message: id, trouble: typeof delivery.trouble === 'string' ? delivery.trouble : delivery.trouble.en });
  };
  const sendNext = async (lane: string, channels: Usable[]): Promise<void> => {
    const message = await outbox.claim(lane, channels.map(({ settings }) => settings.name));
    if (message === undefined) return;
    const to = channels.find(({ settings }) => settings.name === message.channel);
    const delivery: Delivery = to === undefined ? { outcome: 'later', trouble: 'its channel is gone' } : await send(message, to, sending.signal);
    await settle(lane, message.id, delivery);
  };
  const tick = async (): Promise<void> => {
    const waiting = await outbox.waiting();
    const lanes = new Map<string, Usable[]>();
    for (const one of usable().filter(({ settings }) => waiting.has(settings.name))) lanes.set(one.channel.lane, [...(lanes.get(one.channel.lane) ?? []), one]);
    for (const [lane, channels] of lanes) {
      if (busy.has(lane) || stopped.signal.aborted) continue;
      const done = sendNext(lane, channels)
        .catch((error: unknown) => log.error('message_not_sent', error))
        .finally(() => busy.delete(lane));
      busy.set(lane, done);
    }
  };
  const turn = (async () => {
    while (!stopped.signal.aborted) {
      await tick().catch((error: unknown) => log.error('outbox_not_read', error));
      await wait(tickMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  return {
    reports: async () => {
      const [waiting, lanes] = await Promise.all([outbox.waiting(), outbox.lanes()]);
      const known = parts.channels().map((settings): ChannelReport => {
        const { channel, trouble } = openedChannel(settings);
        const lane = lanes.find((one) => one.lane === channel?.lane);
        return { name: settings.name, kind: settings.kind, waiting: waiting.get(settings.name) ?? 0, lastSentAt: lane?.lastSentAt?.toISOString() ?? null, trouble: trouble ?? lane?.trouble ?? ((lane?.failures ?? 0) >= worthSaying ? silentWords : null) };
      });
      const gone = [...waiting].filter(([name]) => !known.some((one) => one.name === name));
      return [...known, ...gone.map(([name, count]) => ({ name, kind: '', waiting: count, lastSentAt: null, trouble: goneWords(name) }))];
    },
    test: async (name, key, content, signal) => {
      const settings = parts.channels().find((one) => one.name === name);
      if (settings === undefined) throw unknownChannel(name, parts.channels());
      const to = openedChannel(settings);
      if (to.channel === undefined) throw new Problem('not_ready', to.trouble);
      const { lane } = to.channel;
      const patience = AbortSignal.any([signal, AbortSignal.timeout(trialPatienceMs)]);
      let message = await outbox.claimTrial(lane, { key, channel: name, content });
      while (message === undefined && !patience.aborted) {
        await wait(tickMs, undefined, { signal: patience }).catch(() => undefined);
        message = await outbox.claimTrial(lane, { key, channel: name, content });
      }
      if (message === undefined) throw new Problem('conflict', { ru: 'Другое сообщение сейчас в пути. Повторите через минуту.', en: 'Another message is on its way. Try again in a minute.' });
      const delivery = await send(message, to, signal);
      await settle(lane, message.id, delivery);
      if (delivery.outcome === 'sent') return;
      const text: LocalText = typeof delivery.trouble === 'string' ? { ru: delivery.trouble, en: delivery.trouble } : delivery.trouble;
      await outbox.drop(message.id, text.en);
      throw new Problem('source_unreachable', { ru: `Сообщение не принято: ${text.ru}`, en: `The message was not taken: ${text.en}` });
    },
    close: async () => {
      stopped.abort();
      await turn;
      // Cut off in the middle, a message would have to be repeated: what is on its way gets a moment to arrive.
      const grace = setTimeout(() => sending.abort(), graceMs);
      await Promise.all(busy.values());
      clearTimeout(grace);
    },
  };
}

function goneWords(name: string): LocalText {
  return { ru: `Канала «${name}» больше нет в channels.yaml, его сообщения ждут. Верните канал.`, en: `The channel "${name}" is no longer in channels.yaml, and messages wait for it. Put it back.` };
}

function unknownChannel(name: string, channels: ChannelSettings[]): Problem {
  const names = channels.map((one) => one.name).join(', ') || '—';
  return new Problem('not_found', { ru: `Канала «${name}» нет в channels.yaml. Есть: ${names}.`, en: `There is no channel "${name}" in channels.yaml. There are: ${names}.` });
}
