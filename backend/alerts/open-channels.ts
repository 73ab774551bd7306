import type { ChannelSettings } from '../catalog/task.ts';
import { Problem } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';
import { environmentNames, withEnvironment } from '../sources/secret.ts';
import type { Channel, ChannelTools } from './channels/channel.ts';
import { channelKinds } from './channels/index.ts';

/** A channel that can be sent to, or why it cannot. */
export type OpenedChannel = { settings: ChannelSettings; channel: Channel; trouble?: undefined } | { settings: ChannelSettings; channel?: undefined; trouble: LocalText };

export interface ChannelOpening extends Pick<ChannelTools, 'answerSeconds'> {
  environment: Record<string, string | undefined>;
  /** What the product itself runs in place of channels' services, by channel. */
  standIns?: ReadonlyMap<string, StandInChannel>;
}

/** The demo's own service in place of one whose secrets are not there. */
export interface StandInChannel {
  origin: string;
  settings: Record<string, unknown>;
}

export function openChannel(settings: ChannelSettings, { environment, standIns, answerSeconds }: ChannelOpening): OpenedChannel {
  const kind = channelKinds.find((one) => one.kind === settings.kind);
  const missing = environmentNames(settings.settings).filter((name) => (environment[name] ?? '') === '');
  const standIn = missing.length > 0 ? standIns?.get(settings.name) : undefined;
  try {
    if (kind === undefined) throw new Problem('invalid_request', { ru: `Вида канала «${settings.kind}» нет.`, en: `There is no kind of channel "${settings.kind}".` });
    if (standIn !== undefined) return { settings, channel: kind.open(standIn.settings, { standIn: standIn.origin, answerSeconds }) };
    if (missing.length > 0)
      throw new Problem('not_ready', { ru: `В окружении сервера нет ${missing.join(', ')}: сообщения ждут. Задайте и перезапустите Tasksheet.`, en: `The server's environment has no ${missing.join(', ')}: messages wait. Set it and restart Tasksheet.` });
    return { settings, channel: kind.open(withEnvironment(settings.settings, environment) as Record<string, unknown>, { answerSeconds }) };
  } catch (error) {
    // The words of other errors may hold the secret that they complain about.
    return { settings, trouble: error instanceof Problem ? error.text : { ru: 'Настройки канала не подходят. Проверьте их: tasksheet lint.', en: "The channel's settings do not fit. Check them: tasksheet lint." } };
  }
}
