import { hypergeometricDensity, pValueOf } from './distributions/index.ts';
import type { Margins } from './distributions/index.ts';
import { isShare } from './samples.ts';
import type { Share } from './samples.ts';

/** Tables this much likelier than the observed one still count as equally likely, as in R: rounding must not part ties. */
const tie = 1 + 1e-7;

/** Terms below this part of the sum no longer change it. */
const negligible = 1e-18;

/**
 * Do two groups convert at different rates, when few did (or few did not)?
 *
 * Fisher's exact test, two-sided by the sum of all tables that are not likelier than the observed one, as R does.
 * Works up to millions of users; use it where fewer than 5 conversions or misses are expected in a group.
 *
 * @returns the p-value, never 0; 1 when nobody or everybody converted; `null` for an empty group, more hits than users, or parts of users.
 * @example fisherExact({ hits: 0, users: 1000 }, { hits: 7, users: 1000 })
 *          // 0.0154612662   R: fisher.test(matrix(c(0,1000,7,993), 2))$p.value
 */
export function fisherExact(control: Share, treatment: Share): number | null {
  if (!isShare(control) || !isShare(treatment) || control.users === 0 || treatment.users === 0) return null;
  if (![control.hits, treatment.hits, control.users, treatment.users].every(Number.isInteger)) return null;
  const margins = { first: control.users, second: treatment.users, hits: control.hits + treatment.hits };
  const observed = control.hits;
  const likeliest = likeliestTable(margins);
  const density = hypergeometricDensity(observed, margins);
  const height = density / hypergeometricDensity(likeliest, margins);
  if (!(height * tie < 1)) return 1;
  const away = observed < likeliest ? -1 : 1;
  return pValueOf(density * (1 + tailBeyond(observed, away, margins) + oppositeTail(likeliest, -away, { margins, height })));
}

/** Tables are numbered by the hits of the first group. */
function likeliestTable({ first, second, hits }: Margins): number {
  const guess = Math.floor(((hits + 1) * (first + 1)) / (first + second + 2));
  return Math.min(first, hits, Math.max(0, hits - second, guess));
}

/** Probability of the neighbouring table in a direction over that of `at`; 0 beyond the last table. */
function step(at: number, direction: number, { first, second, hits }: Margins): number {
  if (direction > 0) return ((first - at) / (at + 1)) * ((hits - at) / (second - hits + at + 1));
  return (at / (first - at + 1)) * ((second - hits + at) / (hits - at + 1));
}

/** Sum of the tables beyond `at` on the side that falls, over the probability of `at`. */
function tailBeyond(at: number, direction: number, margins: Margins): number {
  let [sum, term] = [0, 1];
  for (let place = at; term > negligible * sum; place += direction) {
    term *= step(place, direction, margins);
    sum += term;
  }
  return sum;
}

/** Sum of the tables across the likeliest one that are not likelier than the observed one, over its probability. */
function oppositeTail(likeliest: number, direction: number, { margins, height }: { margins: Margins; height: number }): number {
  let ratio = 1 / height;
  for (let place = likeliest; ratio > 0; place += direction) {
    if (ratio <= tie) return ratio * (1 + tailBeyond(place, direction, margins));
    ratio *= step(place, direction, margins);
  }
  return 0;
}
