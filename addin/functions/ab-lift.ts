import type { Comparison, Estimate } from '../../shared/statistics/index.ts';
import { notComputable } from './cell-error.ts';
import { noNumber, noWords } from './no-more.ts';
import { compare, compute } from './statistics.ts';
import { readGiven } from './two-groups.ts';

/**
 * На сколько тест больше контроля, долей от контроля: 0,05 – это +5%. Relative change against control: 0.05 is +5%.
 * @customfunction AB.LIFT AB.LIFT
 * @param figures Группы, как в AB.PVALUE. The groups as in AB.PVALUE.
 * @returns Доля от контроля. A part of control.
 */
export function lift(figures: unknown[][][]): Promise<number> {
  return compute((statistics) => {
    const given = readGiven(figures);
    noNumber(given);
    noWords(given);
    return relativeOf(compare(statistics, given.groups)).value;
  });
}

/** The relative change, or why there is none. */
export function relativeOf({ relative }: Comparison): Estimate {
  if (relative !== null) return relative;
  throw notComputable({ ru: 'В контроле может быть и ноль: в процентах от него разницу не сказать. Возьмите AB.INTERVAL.', en: 'Control may well be zero: the difference can’t be told in per cent of it. Use AB.INTERVAL.' });
}
