import type { Language } from '../../../shared/language.ts';
import { counted, numberWords } from '../counted.ts';
import { useLanguage } from '../language.tsx';

/** `1,84`, three digits that say something. */
export function figure(language: Language, value: number): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value);
}

export function percent(language: Language, part: number): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 }).format(part);
}

const people = (count: number): string => counted('ru', count, { one: 'человек', few: 'человека', many: 'человек' });
const users = (count: number): string => counted('en', count, { one: 'person', many: 'people' });
const daysRu = (count: number): string => counted('ru', count, { one: 'день', few: 'дня', many: 'дней' });
const daysEn = (count: number): string => counted('en', count, { one: 'day', many: 'days' });

const ru = {
  title: 'План A/B-теста',
  open: 'Спланировать тест',
  metric: 'Что должно измениться',
  entry: 'Кто попадает в тест',
  entryHint: 'Человек входит в тест, когда это случается с ним впервые.',
  change: 'Какое изменение нельзя пропустить, %',
  changeHintUp: 'Рост относительно нынешнего уровня.',
  changeHintDown: 'Снижение относительно нынешнего уровня.',
  changeWrong: 'Напишите процент больше 0 и меньше 100, например 5.',
  treatment: 'Доля людей в тестовой группе, %',
  treatmentWrong: 'Напишите процент больше 0 и меньше 100, обычно 50.',
  power: 'Вероятность его заметить',
  answer: 'Ответ',
  nowShare: (value: string, days: number) => `Сейчас: ${value} людей за ${daysRu(days)} после входа.`,
  nowMean: (value: string, unit: string, days: number) => `Сейчас: ${value} ${unit} на человека за ${daysRu(days)} после входа.`,
  nowRatio: (value: string, days: number) => `Сейчас: ${value} за ${daysRu(days)} после входа.`,
  need: (control: number, treatment: number) => `Нужно: ${people(control + treatment)} – ${numberWords('ru', control)} в контроле и ${numberWords('ru', treatment)} в тесте.`,
  takes: (days: number, window: number) => `Столько приходит примерно за ${daysRu(days)}. Ещё ${daysRu(window)}, чтобы досмотреть последних.`,
  tooFew: (reached: number) => `За 8 недель приходит только ${people(reached)}: столько не наберётся. Ищите изменение крупнее или показатель, который случается чаще.`,
  noLevel: 'По прошлым неделям плана не составить: показатель равен нулю, у всех одинаков или людей слишком мало.',
  visible: 'Что заметит тест за такой срок',
  weeks: (count: number) => counted('ru', count, { one: 'неделя', few: 'недели', many: 'недель' }),
  from: (change: string) => `от ${change}`,
  nothing: 'ничего',
  basis: (entered: number, weeks: number) => `По данным последних ${weeks} недель: ${people(entered)}, за кем хватило дней проследить.`,
  formulaShare: 'Формула: power.prop.test из R, двусторонняя проверка, уровень 5%. В ячейке – TASK.AB.SAMPLESIZE и TASK.AB.MDE.',
  formulaMean: 'Формула: нормальная для средних, двусторонняя проверка, уровень 5%. В ячейке – TASK.AB.SAMPLESIZE и TASK.AB.MDE.',
  noMetrics: 'Показателей пока нет',
  noMetricsHint: 'Их описывают аналитики. Попросите добавить нужный.',
};

type PlannerWords = typeof ru;

const en: PlannerWords = {
  title: 'Plan of an A/B test',
  open: 'Plan a test',
  metric: 'What should change',
  entry: 'Who comes into the test',
  entryHint: 'A person enters when this happens to them for the first time.',
  change: 'Change that must not be missed, %',
  changeHintUp: 'A rise, relative to the present level.',
  changeHintDown: 'A fall, relative to the present level.',
  changeWrong: 'Write a percentage above 0 and below 100, such as 5.',
  treatment: 'People in the test group, %',
  treatmentWrong: 'Write a percentage above 0 and below 100, usually 50.',
  power: 'Chance to see it',
  answer: 'Answer',
  nowShare: (value, days) => `Now: ${value} of people within ${daysEn(days)} after entering.`,
  nowMean: (value, unit, days) => `Now: ${value} ${unit} a person within ${daysEn(days)} after entering.`,
  nowRatio: (value, days) => `Now: ${value} within ${daysEn(days)} after entering.`,
  need: (control, treatment) => `Needed: ${users(control + treatment)}, ${numberWords('en', control)} in control and ${numberWords('en', treatment)} in the test group.`,
  takes: (days, window) => `So many come in about ${daysEn(days)}. Another ${daysEn(window)} to follow the last of them.`,
  tooFew: (reached) => `Only ${users(reached)} come in 8 weeks: that is not enough. Look for a larger change, or a metric that happens more often.`,
  noLevel: 'The last weeks give no plan: the metric is zero, the same for everybody, or there are too few people.',
  visible: 'What a test of this length sees',
  weeks: (count) => counted('en', count, { one: 'week', many: 'weeks' }),
  from: (change) => `from ${change}`,
  nothing: 'nothing',
  basis: (entered, weeks) => `From the last ${weeks} weeks: ${users(entered)} who could be followed for long enough.`,
  formulaShare: 'Formula: R’s power.prop.test, two-sided, level 5%. In a cell: TASK.AB.SAMPLESIZE and TASK.AB.MDE.',
  formulaMean: 'Formula: the normal one for means, two-sided, level 5%. In a cell: TASK.AB.SAMPLESIZE and TASK.AB.MDE.',
  noMetrics: 'There are no metrics yet',
  noMetricsHint: 'Analysts describe them. Ask for the one you need.',
};

export const plannerWords: Record<Language, PlannerWords> = { ru, en };

export function usePlannerWords(): PlannerWords {
  return plannerWords[useLanguage()];
}
