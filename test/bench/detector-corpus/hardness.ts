import { judge, seasonalMedian, threeSigma } from './baselines.ts';
import type { Corpus } from './corpus.ts';

export interface Hardness {
  name: string;
  f1: number;
  low: number;
  high: number;
  hard: boolean;
}

/** A corpus counts only where a plain detector, given the best threshold, neither fails wholly nor does well. */
export function hardnessOf(corpus: Corpus): Hardness {
  const [{ name, best }, low, high] = corpus.grain === 'hour' ? ([judge('seasonal median/MAD', corpus, seasonalMedian(corpus), 3), 0.12, 0.25] as const) : ([judge('three-sigma', corpus, threeSigma(corpus), 3), 0.4, 0.6] as const);
  return { name, f1: best.f1, low, high, hard: best.f1 >= low && best.f1 <= high };
}
