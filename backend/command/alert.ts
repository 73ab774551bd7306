import { WrongUse, type ProductCommand } from './command.ts';

/** Sends a trial message over a channel; a channel that was found broken is tried anew, and works again when it is taken. */
export const alert: ProductCommand = {
  name: 'alert',
  usage: 'tasksheet alert test CHANNEL | tasksheet alert channels [--json]',
  summary: 'Try a channel of channels.yaml, or see how all of them do',
  needs: 'product',
  run: async ({ alerts, config }, { arguments: given, output, signal }) => {
    const [action, name, ...rest] = given;
    const russian = config.language === 'ru';
    if (action === 'test' && name !== undefined && rest.length === 0) {
      await alerts.test(name, signal);
      output.line(output.json ? JSON.stringify({ channel: name, taken: true }) : russian ? `Канал ${name} принял сообщение.` : `The channel ${name} took the message.`);
      return 0;
    }
    if (action !== 'channels' || name !== undefined) throw new WrongUse('Say alert test CHANNEL, or alert channels.');
    const channels = await alerts.channels();
    if (output.json) output.line(JSON.stringify({ channels }));
    else if (channels.length === 0) output.line(russian ? 'Каналов нет: впишите их в channels.yaml каталога.' : "There are no channels: write them into the catalog's channels.yaml.");
    else
      for (const { name: channel, kind, waiting, lastSentAt, trouble } of channels) {
        const last = lastSentAt ?? (russian ? 'ещё ничего' : 'nothing yet');
        output.line(`${trouble === null ? '✓' : '✗'} ${channel}  ${kind}, ${russian ? 'ждут' : 'waiting'}: ${waiting}, ${russian ? 'последнее' : 'last'}: ${last}`);
        if (trouble !== null) output.line(`    ${trouble[config.language]}`);
      }
    return channels.some(({ trouble }) => trouble !== null) ? 1 : 0;
  },
};
