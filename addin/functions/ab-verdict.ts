import type { LocalText } from '../../shared/language.ts';
import type { Verdict } from '../../shared/statistics/index.ts';
import { formulaFault } from './cell-error.ts';
import { cellLanguage } from './connection.ts';
import { noWords } from './no-more.ts';
import { compareOrNull, compute } from './statistics.ts';
import { readGiven } from './two-groups.ts';

const upWords = ['up', 'рост'];
const downWords = ['down', 'снижение'];
/** As for metrics of the catalog that say nothing else. */
const usualMargin = 0.01;

const verdictWords: Record<Verdict, LocalText> = {
  better: { ru: 'лучше', en: 'better' },
  worse: { ru: 'хуже', en: 'worse' },
  noVisibleDifference: { ru: 'нет заметной разницы', en: 'no visible difference' },
  unclear: { ru: 'неясно', en: 'unclear' },
  notValid: { ru: 'сравнивать нельзя', en: 'not valid' },
};

/**
 * Вывод по завершённому тесту: лучше, хуже, нет заметной разницы, неясно. Verdict on a finished test: better, worse, no visible difference, unclear.
 * @customfunction AB.VERDICT AB.VERDICT
 * @param figures Группы, как в AB.PVALUE; затем, если нужно, изменение, которое неважно (0,01 = 1%), и что хорошо: "рост" или "снижение". The groups as in AB.PVALUE; then, if wanted, the change that does not matter (0.01) and what is good: "up" or "down".
 * @returns Слова. Words.
 */
export function verdict(figures: unknown[][][]): Promise<string> {
  return compute((statistics) => {
    const given = readGiven(figures);
    noWords(given, [...upWords, ...downWords]);
    const margin = given.number ?? usualMargin;
    if (margin < 0 || margin >= 1) throw formulaFault({ ru: `Изменение, которое неважно, пишут долей: 0,01 или 1%, а здесь ${margin}.`, en: `The change that does not matter is written as a part: 0.01 or 1%, this is ${margin}.` });
    const good = given.words.some((word) => downWords.includes(word)) ? 'down' : 'up';
    const read = statistics.metricVerdict({ groupsComparable: true, comparison: compareOrNull(statistics, given.groups), good, margin: { relative: margin } });
    return verdictWords[read.verdict][cellLanguage()];
  });
}
