import { DateTime } from 'luxon';
import type { Draw } from '../../shared/draw.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import { dayWords, periodWords } from '../../shared/period-words.ts';
import { maskId } from './mask.ts';

type HeldDraw = Draw & { held: NonNullable<Draw['held']> };

interface TextFile {
  name: string;
  text: string;
}

function momentWords(instant: string, language: Language, timeZone: string): string {
  const local = DateTime.fromISO(instant, { zone: timeZone });
  return `${dayWords(local.toISODate() ?? '', language)}, ${local.toFormat('HH:mm:ss')} (${timeZone})`;
}

/** Names of files never hold what a file system would take for something else. */
function fileName(what: LocalText, { frozen, id }: HeldDraw, language: Language): string {
  const when = frozen.period === null ? id.slice(0, 8) : frozen.period.from;
  return `${what[language]} ${when}.txt`;
}

/** Everything that is needed to check the draw without this program. */
export function protocolFile(draw: HeldDraw, language: Language, timeZone: string): TextFile {
  const { frozen, held } = draw;
  const say = (ru: string, en: string): string => (language === 'ru' ? ru : en);
  const moment = (instant: string): string => momentWords(instant, language, timeZone);
  const title = (prize: number | null): string => (prize === null ? say('запасной', 'reserve') : (frozen.prizes[prize]?.title[language] ?? ''));
  const short = frozen.prizes.reduce((sum, { count }) => sum + count, 0) - held.winners.length;
  const lines = [
    say('ПРОТОКОЛ РОЗЫГРЫША', 'PROTOCOL OF A DRAW'),
    `${draw.title[language]}${frozen.period === null ? '' : ` · ${periodWords(frozen.period, language)}`}`,
    '',
    `${say('Список зафиксирован', 'List frozen')}: ${moment(draw.frozenAt)}, ${draw.frozenBy}`,
    `${say('Данные по', 'Data as of')}: ${draw.dataAsOf === null ? say('неизвестно', 'unknown') : moment(draw.dataAsOf)}`,
    ...frozen.funnel.map(({ text, left }) => `  ${text[language]}: ${left}`),
    `${say('Участников', 'Participants')}: ${frozen.participants}; ${say('билетов', 'tickets')}: ${frozen.tickets}`,
    `${say('Отпечаток списка (SHA-256)', 'Fingerprint of the list (SHA-256)')}: ${frozen.fingerprint}`,
    `${say('Отпечаток ключа (SHA-256), показан до розыгрыша', 'Hash of the seed (SHA-256), shown before the draw')}: ${frozen.seedHash}`,
    '',
    `${say('Розыгрыш проведён', 'Draw held')}: ${moment(held.at)}, ${held.person}`,
    ...(held.reason === null ? [] : [`${say('Причина', 'Reason')}: ${held.reason}`]),
    ...(draw.earlier.length === 0 ? [] : [`${say('Розыгрыши за тот же период до этого', 'Earlier draws of the same period')}: ${draw.earlier.map(({ at, person }) => `${moment(at)}, ${person}`).join('; ')}`]),
    `${say('Ключ', 'Seed')}: ${held.seed}`,
    ...(held.publicNumber === null ? [] : [`${say('Опубликованное число', 'Published number')}: ${held.publicNumber}`]),
    '',
    say('Места в порядке розыгрыша (место, приз, участник, билетов):', 'Places in the order of the draw (place, prize, participant, tickets):'),
    ...held.places.map(({ place, prize, participant, weight }) => `${place}\t${title(prize)}\t${participant}\t${weight}`),
    ...(short > 0 ? [say(`Призов осталось без победителя: ${short}, участников меньше.`, `Prizes without a winner: ${short}, there are fewer participants.`)] : []),
    ...replacementLines(held, language, moment),
    '',
    say('Проверить: скачайте участников как CSV для систем и выполните', 'To check: download the participants as CSV for systems and run'),
    `tasksheet draw verify ${say('участники', 'participants')}.csv --seed ${held.seed}${held.publicNumber === null ? '' : ` --number ${held.publicNumber}`} --places ${held.places.length} --fingerprint ${frozen.fingerprint}`,
  ];
  return { name: fileName({ ru: 'Протокол розыгрыша', en: 'Protocol of the draw' }, draw, language), text: `${lines.join('\n')}\n` };
}

function replacementLines({ winners, places }: HeldDraw['held'], language: Language, moment: (instant: string) => string): string[] {
  const declined = winners.flatMap(({ declined: who, participant }) => who.map((one, index) => ({ ...one, to: who[index + 1]?.participant ?? participant }))).sort((one, other) => (one.at < other.at ? -1 : 1));
  if (declined.length === 0) return [];
  const placeOf = (participant: string): number | undefined => places.find((one) => one.participant === participant)?.place;
  const head = language === 'ru' ? 'Замены:' : 'Replacements:';
  const nobody = language === 'ru' ? 'запасных не осталось' : 'no reserve left';
  const instead = language === 'ru' ? 'вместо него' : 'replaced by';
  return ['', head, ...declined.map(({ participant, to, reason, person, at }) => `${participant} (${placeOf(participant)}) – ${instead}: ${to === null ? nobody : `${to} (${placeOf(to)})`}; ${reason}; ${moment(at)}, ${person}`)];
}

/** Winners by prize with masked ids, for the public. */
export function publicationFile(draw: HeldDraw, language: Language): TextFile {
  const { frozen, held } = draw;
  const sections = frozen.prizes.flatMap(({ title }, prize) => {
    const winners = held.winners.filter((one) => one.prize === prize).flatMap(({ participant }) => (participant === null ? [] : [maskId(participant)]));
    return winners.length === 0 ? [] : ['', `${title[language]}:`, ...winners];
  });
  const lines = [`${draw.title[language]}${frozen.period === null ? '' : ` · ${periodWords(frozen.period, language)}`}`, ...sections];
  return { name: fileName({ ru: 'Победители', en: 'Winners' }, draw, language), text: `${lines.join('\n')}\n` };
}
