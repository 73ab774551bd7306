import type { IncidentState } from '../../shared/alert.ts';
import { useLanguage } from './language.tsx';
import { byLanguage, pair } from './words.ts';

/** Words of the alerts, for analysts and operators. */
export const alertsTable = {
  alerts: pair('Оповещения', 'Alerts'),
  open: pair('Открытые', 'Open'),
  all: pair('С историей', 'With history'),
  which: pair('Какие показать', 'Which to show'),
  nothing: pair('Всё спокойно', 'All is quiet'),
  nothingHint: pair('Здесь появится то, что выйдет за обычные границы.', 'What leaves its usual range will appear here.'),
  channelTrouble: pair((name: string) => `Канал ${name} не работает`, (name: string) => `The channel ${name} does not work`),
  channelWaiting: pair((count: number) => `Ждут отправки: ${count}`, (count: number) => `Waiting to be sent: ${count}`),
  since: pair((when: string) => `с ${when}`, (when: string) => `since ${when}`),
  expected: pair((range: string) => `обычно ${range}`, (range: string) => `expected ${range}`),
  noData: pair('нет данных', 'no data'),
  inHands: pair((person: string) => `В работе: ${person}`, (person: string) => `In the hands of ${person}`),
  mutedUntil: pair((when: string) => `Заглушено до ${when}`, (when: string) => `Muted until ${when}`),
  acknowledge: pair('Вижу', 'On it'),
  mute: pair('Заглушить на сутки', 'Mute for a day'),
  isExpected: pair('Так и должно быть…', 'It is expected…'),
  isNormal: pair('Это новая норма…', 'This is the new normal…'),
  reason: pair('Почему', 'Why'),
  save: pair('Записать', 'Save'),
  cancel: pair('Отмена', 'Cancel'),
};

export const stateTable: Record<IncidentState, { ru: string; en: string }> = {
  pending: pair('проверяется', 'being checked'),
  firing: pair('началось', 'has begun'),
  ongoing: pair('продолжается', 'goes on'),
  resolved: pair('снова в норме', 'back to normal'),
  absorbed: pair('новая норма', 'new normal'),
  muted: pair('заглушено', 'muted'),
};

const words = byLanguage(alertsTable);
const states = byLanguage(stateTable);

export function useAlertWords(): (typeof words)['ru'] & { states: (typeof states)['ru'] } {
  const language = useLanguage();
  return { ...words[language], states: states[language] };
}
