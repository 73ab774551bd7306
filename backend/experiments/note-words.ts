import type { LocalText } from '../../shared/language.ts';
import type { Assignments } from './assignments.ts';
import { both, countWords, counted, dayForms, pValueWords, relativeWords, shareWords } from './figure-words.ts';
import type { PlannedReadout } from './planned.ts';
import type { ReadMetric } from './read-metrics.ts';

interface NoteParts {
  planned: PlannedReadout;
  assignments: Assignments;
  metrics: ReadMetric[];
  running: boolean;
  /** Usable users whose days are not over yet, of the target. */
  unfinished: number;
  firstPlan: LocalText | null;
}

/** Method and data: everything that was left out, mended, assumed. */
export function notesOf(parts: NoteParts): LocalText[] {
  return [...(parts.firstPlan === null ? [] : [parts.firstPlan]), ...dataNotes(parts), ...methodNotes(parts), ...parts.metrics.flatMap(metricNotes)];
}

function dataNotes({ assignments: { counts, tooMany }, unfinished, planned }: NoteParts): LocalText[] {
  const notes: LocalText[] = [];
  const about = (count: number, ru: string, en: string): void => {
    if (count > 0) notes.push({ ru: `${ru}: ${countWords(count, 'ru')}.`, en: `${en}: ${countWords(count, 'en')}.` });
  };
  about(counts.nameless, 'Строк без пользователя, не учтены', 'Rows without a user, left out');
  about(counts.repeats, 'Повторных строк, взято первое попадание в тест', 'Repeated rows, the first entry was taken');
  about(counts.mixed, 'Людей сразу в нескольких группах, не учтены', 'Users in several groups, left out');
  about(counts.noGroup, 'Людей с группой не из плана, не учтены', 'Users whose group is not in the plan, left out');
  about(counts.noTime, 'Людей без времени попадания в тест, не учтены', 'Users without a time of entry, left out');
  about(counts.late, 'Людей, попавших в тест после его конца или «в будущем», не учтены', 'Users who entered after the end or “in the future”, left out');
  about(counts.respelled, 'Строк, где группа написана с другими буквами или пробелами, прочитаны', 'Rows whose group differs in case or blanks, read');
  about(planned.section.beforeDays > 0 ? counts.unknownBefore : 0, 'Людей, о которых неизвестны дни до теста, взяты со средним', 'Users whose days before the test are not known, taken with the mean');
  if (unfinished > 0)
    notes.push(both((language) => {
      const part = shareWords(unfinished / Math.max(1, counts.usable), language);
      return language === 'ru' ? `У ${part} людей дни наблюдения ещё не закончились; их действия посчитаны до начала этого дня или до последних данных.` : `For ${part} of the users the days of observation are not over; what they did so far is counted.`;
    }));
  for (const name of tooMany) notes.push({ ru: `Срез «${name}» не посчитан: в нём слишком много разных значений.`, en: `The segment “${name}” was not computed: it has too many values.` });
  return notes;
}

function methodNotes({ planned, running, metrics }: NoteParts): LocalText[] {
  const notes: LocalText[] = [
    {
      ru: 'Считаются все, кто попал в группу, и те, кто ничего не сделал. Доли: интервалы Уилсона и Ньюкомба, z-критерий или точный критерий Фишера. Средние: критерий Уэлча. Отношения: дельта-метод. Интервалы 95-процентные.',
      en: 'Everyone in a group counts, also those who did nothing. Shares: Wilson and Newcombe intervals, z-test or Fisher’s exact test. Means: Welch’s test. Ratios: delta method. Intervals are at 95 %.',
    },
  ];
  if (running) notes.push({ ru: 'Пока тест идёт, интервалы шире обычных: в них можно заглядывать хоть каждый день, и это не прибавит ложных тревог.', en: 'While the test runs the intervals are wider than usual: they may be looked at every day without more false alarms.' });
  if (metrics.length > 1) notes.push({ ru: 'Улучшения побочных показателей засчитаны с поправкой Холма на их число; ухудшения ищутся без поправки, чтобы не пропустить.', en: 'Improvements beside the target are counted after Holm’s correction for their number; harm is looked for without it, so as not to miss any.' });
  if (planned.section.segments.length > 0) notes.push({ ru: 'Срезы – разведка с поправкой Бенджамини – Хохберга: вывод теста по ним не делают.', en: 'Segments are exploration, corrected after Benjamini and Hochberg: no conclusion of the test rests on them.' });
  return notes;
}

function metricNotes({ metric, readout, unreadable }: ReadMetric): LocalText[] {
  const notes: LocalText[] = [];
  const say = (words: (language: 'ru' | 'en') => string): void => void notes.push(both((language) => `${metric.title[language]}: ${words(language)}`));
  say((language) => (language === 'ru' ? `${counted(metric.windowDays, 'ru', dayForms)} после попадания в тест; неважным считается изменение меньше ${shareWords(metric.margin, 'ru')} от контроля.` : `${counted(metric.windowDays, 'en', dayForms)} after entry; a change of less than ${shareWords(metric.margin, 'en')} of control does not matter.`));
  for (const { group, figures } of readout.comparisons) {
    if (figures === null) continue;
    const { pValue, adjustedPValue, noiseReduction, relative, small } = figures;
    say((language) => {
      const adjusted = adjustedPValue === null ? '' : language === 'ru' ? `, с поправкой ${pValueWords(adjustedPValue, 'ru')}` : `, corrected ${pValueWords(adjustedPValue, 'en')}`;
      const change = relative === null ? (language === 'ru' ? 'относительное изменение не вычисляется: у контроля почти ноль' : 'no relative change can be computed: control is next to zero') : `${relativeWords(relative.interval.low, language)} … ${relativeWords(relative.interval.high, language)}`;
      return `${group}: p ${pValueWords(pValue, language)}${adjusted}; ${change}${small ? (language === 'ru' ? '; людей мало, точный критерий Фишера' : '; few users, Fisher’s exact test') : ''}.`;
    });
    if (noiseReduction > 0.005) say((language) => (language === 'ru' ? `${group}: привычки до теста объяснили ${shareWords(noiseReduction, 'ru', 0)} разброса, средние выровнены по ним (CUPED).` : `${group}: habits before the test explained ${shareWords(noiseReduction, 'en', 0)} of the noise, the means are levelled by them (CUPED).`));
  }
  if (unreadable > 0) say((language) => (language === 'ru' ? `нечитаемых чисел ${countWords(unreadable, 'ru')}, приняты за 0.` : `${countWords(unreadable, 'en')} values are no numbers and were taken as 0.`));
  return notes;
}

