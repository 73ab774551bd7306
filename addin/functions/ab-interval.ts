import { partOfOne } from './cell-number.ts';
import { noWords } from './no-more.ts';
import { compare, compute } from './statistics.ts';
import { relativeOf } from './ab-lift.ts';
import { readGiven } from './two-groups.ts';

const relativeWords = ['lift', 'изменение'];

/**
 * Разница (тест − контроль) с учётом случайных колебаний: от и до. The difference, treatment − control, allowing for chance: from, to.
 * @customfunction AB.INTERVAL AB.INTERVAL
 * @param figures Группы, как в AB.PVALUE; затем, если нужно, надёжность (0,95) и "lift" – интервал изменения в процентах. The groups as in AB.PVALUE; then, if wanted, confidence (0.95) and "lift" for the relative change.
 * @returns Две ячейки: от и до. Two cells: from, to.
 */
export function interval(figures: unknown[][][]): Promise<number[][]> {
  return compute((statistics) => {
    const given = readGiven(figures);
    noWords(given, relativeWords);
    const confidence = given.number === null ? 0.95 : partOfOne(given.number, { ru: 'Надёжность', en: 'Confidence' });
    const comparison = compare(statistics, given.groups, confidence);
    const { low, high } = given.words.length > 0 ? relativeOf(comparison).interval : comparison.interval;
    return [[low, high]];
  });
}
