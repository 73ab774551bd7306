import { notComputable } from './cell-error.ts';
import { noWords, noNumber } from './no-more.ts';
import { compare, compute } from './statistics.ts';
import { readGiven } from './two-groups.ts';

/**
 * p-значение A/B-теста: как часто такая разница выходит случайно, когда на деле её нет. p-value of an A/B test.
 * @customfunction AB.PVALUE AB.PVALUE
 * @param figures Контроль, потом тест: сделали; всего; сделали; всего. Или среднее; станд. отклонение; всего – дважды. Или два столбца значений. Control, then treatment: did it; users, twice. Or mean; standard deviation; users. Or two columns of values.
 * @returns От 0 до 1. From 0 to 1.
 */
export function pValue(figures: unknown[][][]): Promise<number> {
  return compute((statistics) => {
    const given = readGiven(figures);
    noNumber(given);
    noWords(given);
    const { pValue: value } = compare(statistics, given.groups);
    if (value === null) throw notComputable({ ru: 'Никто или все сделали это в обеих группах: p-значения нет.', en: 'Nobody or everybody did it in both groups: there is no p-value.' });
    return value;
  });
}
