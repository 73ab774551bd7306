import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';

/** A file that did not come whole: fetching it again may help. */
export class BrokenFile extends Problem {}

/** Problems of Amplitude in words; `name` is the source's. Answers of Amplitude are never quoted whole. */
export const problems = {
  interrupted: (cause?: unknown) => new Problem('interrupted', { ru: 'Остановлено.', en: 'Stopped.' }, { cause }),
  badKeys: (name: string, status: number) =>
    new Problem('source_unreachable', {
      ru: `Amplitude не принимает ключи источника «${name}» (ответ ${status}). Оператору: проверьте key, secret и region.`,
      en: `Amplitude does not accept the keys of source “${name}” (status ${status}). Operator: check key, secret and region.`,
    }),
  unreachable: (name: string, cause: unknown) =>
    new Problem('source_unreachable', { ru: `Amplitude (источник «${name}») не отвечает. Повторите через несколько минут.`, en: `Amplitude (source “${name}”) does not answer. Try again in a few minutes.` }, { cause }),
  serverError: (name: string, status: number) =>
    new Problem('source_unreachable', { ru: `У Amplitude сбой (источник «${name}», ответ ${status}). Повторите через несколько минут.`, en: `Amplitude fails (source “${name}”, status ${status}). Try again in a few minutes.` }),
  notJson: (name: string) =>
    new Problem('source_unreachable', {
      ru: `Вместо данных от Amplitude пришла веб-страница (источник «${name}»): по пути стоит прокси или адрес не тот. Оператору: проверьте region и url.`,
      en: `A web page came from Amplitude instead of data (source “${name}”): a proxy stands in between or the address is wrong. Operator: check region and url.`,
    }),
  unexpected: (name: string, cause?: unknown) =>
    new Problem('source_unreachable', { ru: `Amplitude ответила не так, как описано в её документации (источник «${name}»). Скажите оператору.`, en: `Amplitude answered otherwise than its documentation says (source “${name}”). Tell the operator.` }, { cause }),
  refused: (name: string, status: number) =>
    new Problem('query_failed', { ru: `Amplitude отклонила запрос (источник «${name}», ответ ${status}). Проверьте шаг задачи.`, en: `Amplitude refused the request (source “${name}”, status ${status}). Check the step of the task.` }),
  tooMany: (name: string) =>
    new Problem('too_many', { ru: `Amplitude просит подождать: запросов слишком много (источник «${name}»). Повторите через 10 минут.`, en: `Amplitude asks to wait: there are too many requests (source “${name}”). Try again in 10 minutes.` }),
  busy: (name: string) =>
    new Problem('too_many', { ru: `Все места для запросов к Amplitude заняты (источник «${name}»). Повторите через несколько минут.`, en: `All places for requests to Amplitude are taken (source “${name}”). Try again in a few minutes.` }),
  monthUsed: (limit: number, freeAt: LocalText) =>
    new Problem('too_many', {
      ru: `Выгрузки когорт на этот месяц закончились: у Amplitude их ${limit}. Снова можно будет ${freeAt.ru}. Когорты, выгруженные недавно, по-прежнему доступны.`,
      en: `The cohort downloads of this month are used up: Amplitude allows ${limit}. They are free again on ${freeAt.en}. Cohorts downloaded recently can still be used.`,
    }),
  rateUsed: (limit: number, freeAt: LocalText) =>
    new Problem('too_many', {
      ru: `За последние 10 минут выгружено ${limit} когорт, больше Amplitude не даёт. Повторите после ${freeAt.ru}.`,
      en: `${limit} cohorts were downloaded in the last 10 minutes, and Amplitude allows no more. Try again after ${freeAt.en}.`,
    }),
  unknownCohort: (id: string) =>
    new Problem('not_found', {
      ru: `В Amplitude нет когорты ${id}, или ключи источника от другого проекта. Скопируйте адрес когорты из Amplitude ещё раз.`,
      en: `Amplitude has no cohort ${id}, or the source's keys belong to another project. Copy the cohort's address from Amplitude again.`,
    }),
  archived: (label: string) =>
    new Problem('query_failed', { ru: `Когорта ${label} в архиве. Верните её из архива в Amplitude или выберите другую.`, en: `The cohort ${label} is archived. Unarchive it in Amplitude or choose another.` }),
  otherCohort: (id: string) =>
    new Problem('query_failed', { ru: `Amplitude начала готовить другую когорту вместо ${id}. Данные не взяты; повторите.`, en: `Amplitude began to prepare another cohort instead of ${id}. No data was taken; try again.` }),
  notReady: (id: string, minutes: number) =>
    new Problem('time_limit', {
      ru: `Amplitude готовит когорту ${id} дольше ${minutes} мин. Запустите ещё раз позже: новая выгрузка для этого не понадобится.`,
      en: `Amplitude has been preparing the cohort ${id} for more than ${minutes} min. Run again later: it will not cost another download.`,
    }),
  jobFailed: (id: string) =>
    new Problem('query_failed', { ru: `Amplitude не смогла подготовить когорту ${id}. Откройте её в Amplitude, проверьте и запустите ещё раз.`, en: `Amplitude could not prepare the cohort ${id}. Open it in Amplitude, check it and run again.` }),
  badRedirect: (reason: LocalText) =>
    new Problem('source_unreachable', { ru: `Файл когорты лежит там, куда ходить нельзя: ${reason.ru}. Скажите оператору.`, en: `The cohort's file lies where it may not be fetched: ${reason.en}. Tell the operator.` }),
  fileRefused: (status: number) =>
    new Problem('query_failed', { ru: `Хранилище файлов Amplitude не отдало файл когорты (ответ ${status}). Запустите ещё раз.`, en: `Amplitude's file store did not give the cohort's file (status ${status}). Run again.` }),
  truncated: (how: LocalText, cause?: unknown) =>
    new BrokenFile('query_failed', { ru: `Файл когорты пришёл не целиком: ${how.ru}. Данные не взяты; запустите ещё раз.`, en: `The cohort's file did not come whole: ${how.en}. No data was taken; run again.` }, { cause }),
  badFile: (how: LocalText) =>
    new Problem('query_failed', { ru: `Файл когорты не такой, как должен быть: ${how.ru}. Данные не взяты.`, en: `The cohort's file is not as it should be: ${how.en}. No data was taken.` }),
  tooFew: ({ rows, size, label, share }: { rows: number; size: number; label: string; share: number }) =>
    new Problem('query_failed', {
      ru: `В файле когорты ${label} строк ${rows.toLocaleString('ru')}, а Amplitude насчитала ${size.toLocaleString('ru')} пользователей: это меньше ${Math.round(share * 100)} %, похоже на обрыв. Данные не взяты. Откройте когорту в Amplitude, чтобы она пересчиталась, и запустите ещё раз; если так и должно быть, аналитик может написать в шаге atLeast: 0`,
      en: `The file of cohort ${label} has ${rows.toLocaleString('en')} rows and Amplitude counted ${size.toLocaleString('en')} users: less than ${Math.round(share * 100)} %, which looks cut off. No data was taken. Open the cohort in Amplitude so that it is computed anew, and run again; if this is right, the analyst may write atLeast: 0 in the step`,
    }),
  noSelect: () =>
    new Problem('query_refused', { ru: 'Amplitude не отвечает на запросы полей. Для когорты есть вид поля cohort.', en: "Amplitude does not answer fields' queries. For a cohort there is the field kind cohort." }),
};

/** A moment as people of a time zone write it. */
export function momentWords(moment: Date, timeZone: string): LocalText {
  const inLanguage = (language: string): string => new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(moment);
  return { ru: inLanguage('ru'), en: inLanguage('en-GB') };
}
