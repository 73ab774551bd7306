import { DateTime } from 'luxon';
import type { Language, LocalText } from '../../shared/language.ts';
import type { ChannelMessage } from './channels/channel.ts';
import { drawChart } from './chart.ts';
import type { MessageContent } from './content.ts';
import type { WaitingMessage } from './outbox.ts';

export interface RenderParts {
  language: Language;
  timeZone: string;
  now: Date;
  /** Where this backend answers. */
  address: string;
  /** The path of an incident's own page. */
  incidentPath: (id: string) => string;
  /** Whether the channel's service can fetch pictures from this backend. */
  reachable: boolean;
}

const lateMinutes = 10;

const words = {
  late: (time: string): LocalText => ({ ru: `отправлено с опозданием, событие: ${time}`, en: `sent late, it happened at ${time}` }),
  repeat: { ru: 'возможно, повтор: прошлая отправка осталась без ответа', en: 'may be a repeat: the last try had no answer' },
};

function notes({ doubtful, madeAt }: WaitingMessage, { language, timeZone, now }: RenderParts): string[] {
  const made = DateTime.fromJSDate(madeAt, { zone: timeZone }).setLocale(language);
  return [
    ...(now.getTime() - madeAt.getTime() > lateMinutes * 60_000 ? [words.late(made.toLocaleString(DateTime.DATETIME_SHORT))[language]] : []),
    ...(doubtful ? [words.repeat[language]] : []),
  ];
}

function chartOf({ chart, title }: MessageContent, { language, address, incidentPath, reachable }: RenderParts): Pick<ChannelMessage, 'chart'> {
  if (chart === undefined) return {};
  return { chart: { alt: title[language], png: () => drawChart(chart.points), ...(reachable ? { url: `${address}${incidentPath(chart.incident)}/chart.png` } : {}) } };
}

/** The message in one language, ready for any service. */
export function render(message: WaitingMessage, parts: RenderParts): ChannelMessage {
  const { content } = message;
  const { language, address } = parts;
  return {
    number: message.id,
    tone: content.tone,
    title: content.title[language],
    lines: content.lines.map((line) => line[language]),
    items: content.items.map(({ name, text, sparkline }) => ({ name: name[language], text: text[language], sparkline })),
    links: content.links.map(({ label, address: to }) => ({ label: label[language], url: to.startsWith('/') ? `${address}${to}` : to })),
    ...(content.mention === undefined ? {} : { mention: content.mention }),
    ...chartOf(content, parts),
    notes: notes(message, parts),
  };
}
