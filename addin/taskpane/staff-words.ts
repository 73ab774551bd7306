import { numberWords } from './counted.ts';
import { useLanguage } from './language.tsx';
import { byLanguage, pair } from './words.ts';

/** What only analysts and operators read: here their own terms stand, which the words for everyone avoid. */
export const staffTable = {
  sources: pair('Источники', 'Sources'),
  checkSources: pair('Проверить ещё раз', 'Check again'),
  sourceWorks: pair('работает', 'works'),
  sourceFails: pair('не работает', 'does not work'),
  sourceUses: pair((count: number) => `задач и метрик: ${numberWords('ru', count)}`, (count: number) => `tasks and metrics: ${numberWords('en', count)}`),
  sourceAnswered: pair((version: string, latency: string) => `${version}, ответил за ${latency} мс`, (version: string, latency: string) => `${version}, answered in ${latency} ms`),

  requests: pair('Запросы', 'Requests'),
  openRequests: pair((count: number) => `Ждут (${numberWords('ru', count)})`, (count: number) => `Waiting (${numberWords('en', count)})`),
  allRequests: pair((count: number) => `Все (${numberWords('ru', count)})`, (count: number) => `All (${numberWords('en', count)})`),
  whichRequests: pair('Какие показать', 'Which to show'),
  noOpenRequests: pair('Никто не ждёт', 'Nobody is waiting'),
  noOpenRequestsHint: pair('Здесь появится то, о чём попросят коллеги.', 'What colleagues ask for will appear here.'),
  takeRequest: pair('Взять', 'Take'),
  putBackRequest: pair('Вернуть', 'Put back'),
  takenByMe: pair('У вас в работе', 'In your work'),
  answerRequest: pair('Ответить…', 'Answer…'),
  nowTask: pair('Теперь это задача', 'This is now a task'),
  checkFailed: pair('Ночная проверка не прошла', 'The nightly check failed'),
  whichTask: pair('Какой задачей стал', 'Which task it became'),
};

const staffWords = byLanguage(staffTable);

export function useStaffWords(): (typeof staffWords)['ru'] {
  return staffWords[useLanguage()];
}
