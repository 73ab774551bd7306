import { describe, expect, it } from 'vitest';
import { counted, dayForms, differenceWords, numberWords, pValueWords, relativeWords, shareWords, sizeWords, valueWords } from '../../backend/experiments/figure-words.ts';
import { comparisonWords } from '../../backend/experiments/metric-words.ts';
import type { PlannedMetric } from '../../backend/experiments/planned.ts';
import type { MetricComparison } from '../../shared/experiment.ts';

const share = { type: 'share' as const, unit: { ru: 'людей', en: 'users' } };
const cards: PlannedMetric = { id: 'cards', title: { ru: 'Выпуск карт', en: 'Card issues' }, type: 'mean', good: 'up', guardrail: false, margin: 0.02, windowDays: 14, unit: { ru: 'карт', en: 'cards' }, role: 'target', steps: [], marks: {} };
const bare = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('figures in words', () => {
  it('have a decimal comma in Russian and a point in English', () => {
    expect([numberWords(1234.5, 1, 'ru'), numberWords(1234.5, 1, 'en'), bare(numberWords(12345, 0, 'ru')), numberWords(-0.5, 1, 'ru'), numberWords(-0.01, 1, 'ru')]).toEqual(['1234,5', '1234.5', '12 345', '−0,5', '0,0']);
  });

  it('tell percentage points from per cent', () => {
    expect(['ru', 'en'].map((language) => bare(differenceWords(share, 0.002, 0.004, language as 'ru')))).toEqual(['+0,20 п. п.', '+0.20 pp']);
    expect(['ru', 'en'].map((language) => bare(relativeWords(0.127, language as 'ru')))).toEqual(['+12,7 %', '+12.7%']);
    expect([bare(valueWords(share, 0.123, 0.004, 'ru')), bare(shareWords(0.5, 'en')), bare(sizeWords(share, -0.004, 'en')), sizeWords(cards, 0.087, 'ru')]).toEqual(['12,30 %', '50.0%', '0.40 pp', '0,087 карт на человека']);
  });

  it('count days in right forms', () => {
    expect([1, 2, 5, 11, 21, 22, 112].map((days) => bare(counted(days, 'ru', dayForms)))).toEqual(['1 день', '2 дня', '5 дней', '11 дней', '21 день', '22 дня', '112 дней']);
    expect([1, 2].map((days) => bare(counted(days, 'en', dayForms)))).toEqual(['1 day', '2 days']);
  });

  it('never show a p-value of 0', () => {
    expect([pValueWords(1e-300, 'ru'), pValueWords(0.00009, 'en'), pValueWords(0.0153, 'ru'), pValueWords(0.004, 'en'), pValueWords(null, 'en')]).toEqual(['< 0,0001', '< 0.0001', '0,015', '0.0040', 'not computable']);
  });
});

const figures = (low: number, high: number, relative: boolean): NonNullable<MetricComparison['figures']> => {
  const difference = (low + high) / 2;
  const estimate = (value: number) => ({ value, interval: { low: value - 0.1, high: value + 0.1 } });
  return { control: estimate(1.1), treatment: estimate(1.1 + difference), difference, interval: { low, high }, relative: relative ? { value: difference / 1.1, interval: { low: low / 1.1, high: high / 1.1 } } : null, pValue: 0.01, adjustedPValue: null, small: false, borderline: false, noiseReduction: 0, smallestVisible: 0.1 };
};
const cases = [
  { verdict: 'better', because: 'interval', guardrail: null, figures: figures(0.08, 0.2, true) },
  { verdict: 'worse', because: 'interval', guardrail: null, figures: figures(-0.2, -0.08, true) },
  { verdict: 'worse', because: 'oneSided', guardrail: 'harmed', figures: figures(-0.2, 0.01, false) },
  { verdict: 'worse', because: 'oneSided', guardrail: 'harmedWithinMargin', figures: figures(-0.01, 0.001, true) },
  { verdict: 'noVisibleDifference', because: 'interval', guardrail: null, figures: figures(-0.01, 0.012, true) },
  { verdict: 'unclear', because: 'interval', guardrail: null, figures: figures(-0.1, 0.2, true) },
  { verdict: 'unclear', because: 'manyMetrics', guardrail: null, figures: figures(0.01, 0.2, true) },
  { verdict: 'unclear', because: 'notComputable', guardrail: null, figures: null },
  { verdict: 'notValid', because: 'groups', guardrail: null, figures: null },
] as const;

describe('verdicts in words', () => {
  it.each(cases)('claim nothing that the statistics do not carry: $verdict by $because', (compared) => {
    const text = comparisonWords(cards, { group: 'new', ...compared });
    const forbidden = /p-value|p-знач|значим|significan|нулев|null hypothesis|вероятность того, что (гипотеза|эффект)|probability that the (hypothesis|effect)|95 ?%|с вероятностью|доказан|proves?\b|proven|no effect|эффекта нет\b|NaN|undefined|null/i;
    expect(text.ru).not.toMatch(forbidden);
    expect(text.en).not.toMatch(forbidden);
    expect(`${text.ru}${text.en}`).not.toMatch(/\.\./);
    expect(text.ru).not.toMatch(/\d\.\d/);
  });

  it('unclear does not mean that there is none', () => {
    const text = comparisonWords(cards, { group: 'new', ...cases[5] });
    expect(text.ru).toBe('Пока неясно: 1,150 против 1,100 карт на человека, разница +0,050 (+4,5\u00a0%), а настоящая разница может быть от −0,100 до +0,200. Это не значит, что её нет.');
    expect(text.en).toBe('Not clear yet: 1.150 against 1.100 cards per person, difference +0.050 (+4.5%), while the real difference may be anything from −0.100 to +0.200. This does not mean that there is none.');
  });
});
