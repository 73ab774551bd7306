import type { ArmReadout, ExperimentOutcome, MetricComparison } from '../../shared/experiment.ts';
import type { LocalText } from '../../shared/language.ts';
import type { OverallVerdict } from '../../shared/statistics/index.ts';
import { about, both, counted, dayForms, sentences, sizeWords, countWords } from './figure-words.ts';
import type { PlannedMetric } from './planned.ts';

const headlines: Record<ArmReadout['verdict'], LocalText> = {
  better: { ru: 'Лучше контроля.', en: 'Better than control.' },
  worse: { ru: 'Хуже контроля.', en: 'Worse than control.' },
  noVisibleDifference: { ru: 'Заметной разницы с контролем нет.', en: 'No visible difference from control.' },
  unclear: { ru: 'Пока неясно.', en: 'Not clear yet.' },
  notValid: { ru: 'Сравнивать нельзя.', en: 'The groups cannot be compared.' },
};

const advised: Record<ArmReadout['advice'], LocalText> = {
  rollOut: { ru: 'Можно включать для всех.', en: 'It can be rolled out.' },
  doNotRollOut: { ru: 'Включать для всех не стоит.', en: 'Better not roll it out.' },
  review: { ru: 'Не включайте для всех, пока не разберёте, что ухудшилось.', en: 'Do not roll it out before people have reviewed what got worse.' },
  keepRunning: { ru: 'Пусть тест идёт дальше.', en: 'Keep the test running.' },
  decideByOtherReasons: { ru: 'Цифры за вас не решат: смотрите на цену, удобство, планы.', en: 'The figures will not decide it: go by cost, convenience, plans.' },
  doNotCompare: { ru: 'Сначала найдите, что случилось с группами; цифры ниже ничего не говорят о новинке.', en: 'First find out what happened to the groups; the figures below say nothing about the change.' },
};

export interface ArmParts {
  /** The group's name; said where there are several. */
  group: string;
  several: boolean;
  overall: OverallVerdict;
  target: { metric: PlannedMetric; comparison: MetricComparison };
  guardrails: { metric: PlannedMetric; comparison: MetricComparison }[];
  running: boolean;
  /** Of all groups, and as planned. */
  users: number;
  plannedUsers: number | null;
  daysLeft: number | null;
  groups: ExperimentOutcome['groups'];
  /** What would settle an unclear target. */
  settle: { moreDays: number | null; smallestVisible: number | null };
}

/** The verdict on one group in words: the first line says what came out, the second what to do. */
export function armWords(parts: ArmParts): Pick<ArmReadout, 'sentence' | 'advised' | 'remarks'> {
  const { overall, running } = parts;
  const sentence = both((language) => {
    const name = parts.several ? `${parts.group}: ` : '';
    const state = running ? (language === 'ru' ? 'Тест ещё идёт. ' : 'The test is still running. ') : '';
    return sentences(`${name}${state}${firstLine(parts)[language]}`);
  });
  return { sentence, advised: adviceOf(overall, parts), remarks: remarksOf(parts) };
}

function firstLine({ overall, target, groups, guardrails }: ArmParts): LocalText {
  if (overall.verdict === 'notValid') {
    const reasons = groups.findings.map(({ text }) => text);
    return both((language) => `${language === 'ru' ? 'Сравнивать нельзя' : 'The groups cannot be compared'}: ${reasons.map((text) => text[language]).join('; ')}.`);
  }
  const { metric, comparison } = target;
  const result = both((language) => about(metric.title[language], comparison.text[language]));
  if (overall.advice !== 'review') return result;
  const harmed = overall.harmed.flatMap((place) => guardrails[place] ?? []);
  return both((language) => {
    const names = harmed.map(({ metric: { title } }) => `«${title[language]}»`).join(', ');
    return language === 'ru' ? `${result.ru} Но пострадало: ${names}.` : `${result.en} But this suffered: ${names.replaceAll('«', '“').replaceAll('»', '”')}.`;
  });
}

function adviceOf({ advice, verdict }: OverallVerdict, { running }: ArmParts): LocalText {
  if (advice === 'rollOut' && running) return { ru: 'Результат уже надёжен, хотя план не выполнен: можно включать для всех.', en: 'The result is reliable already, though the plan is not complete: it can be rolled out.' };
  if (advice === 'decideByOtherReasons' && verdict === 'unclear') return { ru: 'Этот тест ответа не дал: повторите его на большем числе людей или решайте по другим причинам.', en: 'This test gave no answer: repeat it with more users, or decide by other reasons.' };
  return advised[advice];
}

function remarksOf(parts: ArmParts): LocalText[] {
  const { overall, guardrails, running, daysLeft, target } = parts;
  const remarks: LocalText[] = [];
  if (overall.verdict === 'notValid') return remarks;
  if (parts.groups.findings.length > 0) remarks.push(both((language) => parts.groups.findings.map(({ text }) => `${text[language].charAt(0).toUpperCase()}${text[language].slice(1)}.`).join(' ')));
  for (const { metric, comparison } of overall.harmed.flatMap((place) => guardrails[place] ?? [])) remarks.push(both((language) => about(metric.title[language], comparison.text[language])));
  const unproven = overall.notProvenSafe.flatMap((place) => guardrails[place] ?? []);
  if (unproven.length > 0)
    remarks.push(both((language) => {
      const names = unproven.map(({ metric }) => (language === 'ru' ? `«${metric.title.ru}»` : `“${metric.title.en}”`)).join(', ');
      return language === 'ru' ? `Что не стало хуже, ещё не показано: ${names}.` : `Not yet shown to be unharmed: ${names}.`;
    }));
  if (target.comparison.verdict === 'unclear') remarks.push(...settling(parts));
  const { users, plannedUsers } = parts;
  if (!running && plannedUsers !== null && users < plannedUsers * 0.95)
    remarks.push(both((language) => (language === 'ru' ? `Людей меньше, чем задумано: ${countWords(users, 'ru')} из ${countWords(plannedUsers, 'ru')}.` : `Fewer users than planned: ${countWords(users, 'en')} of ${countWords(plannedUsers, 'en')}.`)));
  if (target.comparison.figures?.borderline === true) remarks.push({ ru: 'Разница на самой границе: ещё одна проверка могла бы дать другой ответ.', en: 'The difference lies right at the border: another check might answer otherwise.' });
  if (running && daysLeft !== null && daysLeft > 0) remarks.push(both((language) => (language === 'ru' ? `По плану осталось ${counted(daysLeft, 'ru', dayForms)}.` : `${counted(daysLeft, 'en', dayForms)} left by the plan.`)));
  return remarks;
}

function settling({ settle: { moreDays, smallestVisible }, target: { metric }, running }: ArmParts): LocalText[] {
  const remarks: LocalText[] = [];
  if (running && moreDays !== null && moreDays > 0 && moreDays <= 365)
    remarks.push(both((language) => (language === 'ru' ? `Чтобы стало ясно, нужно ещё около ${counted(moreDays, 'ru', { ru: ['дня', 'дней', 'дней'], en: ['day', 'days'] })} при нынешнем притоке людей.` : `About ${counted(moreDays, 'en', { ru: ['', '', ''], en: ['more day', 'more days'] })} at the present inflow of users would settle it.`)));
  if (smallestVisible !== null)
    remarks.push(both((language) => (language === 'ru' ? sentences(`При таком числе людей не разглядеть разницу меньше ${sizeWords(metric, smallestVisible, 'ru')}.`) : `A difference under ${sizeWords(metric, smallestVisible, 'en')} can't be seen with this many users.`)));
  return remarks;
}

/** The verdict in a few words, for lists. A harmed guardrail is not a worse target. */
export function verdictWords(verdict: ArmReadout['verdict'], advice?: ArmReadout['advice']): LocalText {
  return advice === 'review' ? { ru: 'Что-то ухудшилось.', en: 'Something got worse.' } : headlines[verdict];
}
