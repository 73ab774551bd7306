import type { DrawConcern } from '../../../shared/draw.ts';
import type { Language } from '../../../shared/language.ts';
import { counted, numberWords } from '../counted.ts';

interface DrawWords {
  draw: string;
  list: string;
  taking(participants: number, tickets: number): string;
  funnelHead: string;
  fingerprint: string;
  seedHash: string;
  fingerprintsHint: string;
  prizes: string;
  prizeCount(title: string, count: number): string;
  reserveCount(count: number): string;
  concern: Record<DrawConcern, string>;
  reason: string;
  reasonHint: string;
  publicNumber: string;
  publicNumberHint: string;
  hold: string;
  holdHint: string;
  holding: string;
  notAllowed: string;
  heldBy(person: string, at: string): string;
  heldReason(reason: string): string;
  winners: string;
  noWinner: string;
  instead(who: string): string;
  declined: string;
  whyDeclined: string;
  giveToReserve: string;
  giveToNobody: string;
  reserves: string;
  reservesLeft(count: number): string;
  unfilled(count: number): string;
  protocol: string;
  publication: string;
  seed: string;
  checkHint: string;
}

const number = numberWords;

/** Words of the draw's panel. */
export const drawWords: Record<Language, DrawWords> = {
  ru: {
    draw: 'Розыгрыш',
    list: 'Список участников зафиксирован',
    taking: (participants, tickets) => `${counted('ru', participants, { one: 'участник', few: 'участника', many: 'участников' })}${tickets === participants ? '' : `, ${counted('ru', tickets, { one: 'билет', few: 'билета', many: 'билетов' })}`}`,
    funnelHead: 'Как получился список',
    fingerprint: 'Отпечаток списка',
    seedHash: 'Отпечаток ключа',
    fingerprintsHint: 'Ключ выбран до того, как стал известен список, и откроется после розыгрыша. Опубликуйте оба отпечатка заранее – и любой сможет проверить, что ничего не подменили.',
    prizes: 'Призы',
    prizeCount: (title, count) => `${title} – ${number('ru', count)}`,
    reserveCount: (count) => `Запасных – ${number('ru', count)}`,
    concern: {
      repeated: 'За этот период розыгрыш уже был. Второй возможен, но нужна причина: её увидят в протоколе.',
      notLoaded: 'Данные за период загружены не полностью: часть участников может не попасть в список. Дождитесь загрузки или напишите причину.',
      loadUnknown: 'Неизвестно, до какого времени загружены данные. Напишите, почему розыгрыш всё же можно провести.',
    },
    reason: 'Причина',
    reasonHint: 'Войдёт в протокол',
    publicNumber: 'Опубликованное число',
    publicNumberHint: 'Его не мог выбрать никто: номер тиража лотереи, курс на завтра. Опубликовано после того, как список зафиксирован',
    hold: 'Провести розыгрыш',
    holdHint: 'Один раз: переиграть нельзя.',
    holding: 'Проводим…',
    notAllowed: 'Провести розыгрыш может маркетолог или аналитик.',
    heldBy: (person, at) => `Проведён ${at}, ${person}`,
    heldReason: (reason) => `Причина: ${reason}`,
    winners: 'Победители',
    noWinner: 'без победителя: запасных не осталось',
    instead: (who) => `вместо ${who}`,
    declined: 'Заменить',
    whyDeclined: 'Почему приз не вручён',
    giveToReserve: 'Отдать запасному',
    giveToNobody: 'Оставить без победителя',
    reserves: 'Запасные',
    reservesLeft: (count) => `Запасные по порядку: ${number('ru', count)}`,
    unfilled: (count) => `${counted('ru', count, { one: 'приз остался', few: 'приза осталось', many: 'призов осталось' })} без победителя: участников меньше, чем призов.`,
    protocol: 'Протокол',
    publication: 'Список для публикации',
    seed: 'Ключ',
    checkHint: 'Проверить розыгрыш может любой: нужны CSV «для систем» со списком участников и протокол.',
  },
  en: {
    draw: 'Draw',
    list: 'The list of participants is frozen',
    taking: (participants, tickets) => `${counted('en', participants, { one: 'participant', many: 'participants' })}${tickets === participants ? '' : `, ${counted('en', tickets, { one: 'ticket', many: 'tickets' })}`}`,
    funnelHead: 'How the list came about',
    fingerprint: 'Fingerprint of the list',
    seedHash: 'Fingerprint of the key',
    fingerprintsHint: 'The key was chosen before the list was known, and is shown after the draw. Publish both fingerprints beforehand, and anyone can check that nothing was swapped.',
    prizes: 'Prizes',
    prizeCount: (title, count) => `${title}: ${number('en', count)}`,
    reserveCount: (count) => `Reserves: ${number('en', count)}`,
    concern: {
      repeated: 'There was a draw for this period already. A second one needs a reason, which the protocol will show.',
      notLoaded: 'The data of the period is not loaded completely: some participants may be missing. Wait for it, or give a reason.',
      loadUnknown: 'It is not known how far the data is loaded. Say why the draw may be held all the same.',
    },
    reason: 'Reason',
    reasonHint: 'Becomes part of the protocol',
    publicNumber: 'Published number',
    publicNumberHint: 'One that nobody could choose: of a lottery, or tomorrow’s exchange rate. Published after the list was frozen',
    hold: 'Draw the winners',
    holdHint: 'Once: it cannot be repeated.',
    holding: 'Drawing…',
    notAllowed: 'A marketer or an analyst can draw the winners.',
    heldBy: (person, at) => `Held ${at}, ${person}`,
    heldReason: (reason) => `Reason: ${reason}`,
    winners: 'Winners',
    noWinner: 'no winner: no reserve is left',
    instead: (who) => `instead of ${who}`,
    declined: 'Replace',
    whyDeclined: 'Why the prize was not handed over',
    giveToReserve: 'Give it to the reserve',
    giveToNobody: 'Leave it without a winner',
    reserves: 'Reserves',
    reservesLeft: (count) => `Reserves in order: ${number('en', count)}`,
    unfilled: (count) => `${counted('en', count, { one: 'prize has', many: 'prizes have' })} no winner: there are fewer participants than prizes.`,
    protocol: 'Protocol',
    publication: 'List for publication',
    seed: 'Key',
    checkHint: 'Anyone can check the draw with the participants’ CSV “for systems” and the protocol.',
  },
};
