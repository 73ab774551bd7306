import type { MetricComparison } from '../../shared/experiment.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import { both, differenceWords, relativeWords, sentences as joined, sizeWords, unitWords, valueWords } from './figure-words.ts';
import type { PlannedMetric } from './planned.ts';

type Figures = NonNullable<MetricComparison['figures']>;
type Worded = Omit<MetricComparison, 'text'>;

function widthOf({ interval }: Figures): number {
  return (interval.high - interval.low) / 2;
}

/** `1,24 против 1,10 карт на человека, разница +0,14 (+12,7 %)` */
export function changeWords(metric: PlannedMetric, figures: Figures, language: Language): string {
  const width = widthOf(figures);
  const value = (figure: number): string => valueWords(metric, figure, width, language);
  const unit = unitWords(metric, language);
  const [against, difference] = language === 'ru' ? ['против', 'разница'] : ['against', 'difference'];
  const relative = figures.relative === null ? '' : ` (${relativeWords(figures.relative.value, language)})`;
  return `${value(figures.treatment.value)} ${against} ${value(figures.control.value)}${unit === '' ? '' : ` ${unit}`}, ${difference} ${differenceWords(metric, figures.difference, width, language)}${relative}`;
}

/** `от +0,08 до +0,20` */
export function rangeWords(metric: PlannedMetric, figures: Figures, language: Language): string {
  const limit = (value: number): string => differenceWords(metric, value, widthOf(figures), language);
  const [from, to] = language === 'ru' ? ['от', 'до'] : ['from', 'to'];
  return `${from} ${limit(figures.interval.low)} ${to} ${limit(figures.interval.high)}`;
}

/** The margin in the metric's own unit. */
function marginWords(metric: PlannedMetric, figures: Figures, language: Language): string {
  return sizeWords(metric, metric.margin * Math.abs(figures.control.value), language);
}

type Sentence = (parts: { change: string; range: string; margin: string }) => string;

const sentences: Record<Language, Record<'better' | 'worse' | 'oneSided' | 'within' | 'flat' | 'unclear' | 'manyMetrics', Sentence>> = {
  ru: {
    better: ({ change, range }) => `Стало лучше: ${change}. С учётом случайных колебаний настоящая разница – ${range}.`,
    worse: ({ change, range }) => `Стало хуже: ${change}. С учётом случайных колебаний настоящая разница – ${range}.`,
    within: ({ change, margin }) => `Чуть хуже, но в допустимых пределах (меньше ${margin}): ${change}.`,
    oneSided: ({ change }) => `Похоже, стало хуже: ${change}. За этим показателем следят строже: случайность так объяснить трудно.`,
    flat: ({ change, margin }) => `Заметной разницы нет: если она и есть, она меньше ${margin}. Сейчас ${change}.`,
    unclear: ({ change, range }) => `Пока неясно: ${change}, а настоящая разница может быть ${range}. Это не значит, что её нет.`,
    manyMetrics: ({ change }) => `Пока неясно: ${change}. Сам по себе показатель улучшился, но среди нескольких показателей такое бывает и случайно.`,
  },
  en: {
    better: ({ change, range }) => `Got better: ${change}. Allowing for chance, the real difference is ${range}.`,
    worse: ({ change, range }) => `Got worse: ${change}. Allowing for chance, the real difference is ${range}.`,
    within: ({ change, margin }) => `Slightly worse, but within what was agreed to be bearable (less than ${margin}): ${change}.`,
    oneSided: ({ change }) => `Seems to have got worse: ${change}. This metric is watched more strictly, and chance hardly explains it.`,
    flat: ({ change, margin }) => `No visible difference: if there is one, it is smaller than ${margin}. Now ${change}.`,
    unclear: ({ change, range }) => `Not clear yet: ${change}, while the real difference may be anything ${range}. This does not mean that there is none.`,
    manyMetrics: ({ change }) => `Not clear yet: ${change}. By itself the metric got better, but among several metrics this also happens by chance.`,
  },
};

const withoutFigures: LocalText = {
  ru: 'Сравнить пока нечего: слишком мало людей или у всех одинаковое значение.',
  en: 'Nothing to compare yet: too few users, or everyone has the same value.',
};
const notComparable: LocalText = { ru: 'Группы сравнивать нельзя.', en: 'The groups cannot be compared.' };

function sentenceOf({ verdict, because, guardrail }: Worded): keyof (typeof sentences)['ru'] {
  if (verdict === 'worse') return guardrail === 'harmedWithinMargin' ? 'within' : because === 'oneSided' ? 'oneSided' : 'worse';
  if (verdict === 'better') return 'better';
  if (verdict === 'noVisibleDifference') return 'flat';
  return because === 'manyMetrics' ? 'manyMetrics' : 'unclear';
}

/** What came of one metric, in one or two sentences without terms of statistics. */
export function comparisonWords(metric: PlannedMetric, compared: Worded): LocalText {
  const { figures } = compared;
  if (compared.verdict === 'notValid') return notComparable;
  if (figures === null) return withoutFigures;
  const name = sentenceOf(compared);
  return both((language) => joined(sentences[language][name]({ change: changeWords(metric, figures, language), range: rangeWords(metric, figures, language), margin: marginWords(metric, figures, language) })));
}
