import { pValueOf } from './distributions/index.ts';
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
  const tables = new Tables(control.users, treatment.users, control.hits + treatment.hits);
  if (![control.hits, treatment.hits, control.users, treatment.users].every(Number.isInteger)) return null;
  const observed = control.hits;
  const mode = tables.mode();
  const away = observed < mode ? -1 : 1;
  // Everything is measured against the likeliest table; two doubles (a factor and a power of 2^-512) hold what would underflow.
  const height = tables.heightBetween(mode, observed);
  const total = 1 + tables.tail(mode, 1) + tables.tail(mode, -1);
  if (height.power === 0 && height.factor >= 1 / tie) return 1;
  const near = 1 + tables.tail(observed, away);
  const far = tables.firstAsUnlikely(mode, -away, height);
  const opposite = far === null ? 0 : far.ratio * (1 + tables.tail(far.at, -away));
  return pValueOf(Math.min(1, ((height.factor * (near + opposite)) / total) * 2 ** (-512 * height.power)));
}

/** A positive number as factor × 2^(−512 × power). */
interface Height {
  factor: number;
  power: number;
}

/** The tables with given margins, numbered by the hits of control: neighbours differ by a simple ratio. */
class Tables {
  private readonly lowest: number;
  private readonly highest: number;

  constructor(
    private readonly first: number,
    private readonly second: number,
    private readonly hits: number,
  ) {
    this.lowest = Math.max(0, hits - second);
    this.highest = Math.min(first, hits);
  }

  mode(): number {
    const guess = Math.floor(((this.hits + 1) * (this.first + 1)) / (this.first + this.second + 2));
    return Math.min(this.highest, Math.max(this.lowest, guess));
  }

  /** Probability of the neighbour of `at` in a direction, over that of `at`; 0 beyond the last table. */
  private step(at: number, direction: number): number {
    const { first, second, hits } = this;
    if (direction > 0) return ((first - at) / (at + 1)) * ((hits - at) / (second - hits + at + 1));
    return (at / (first - at + 1)) * ((second - hits + at) / (hits - at + 1));
  }

  /** Sum of the tables beyond `at`, which must lie on the side of the mode that falls, over the probability of `at`. */
  tail(at: number, direction: number): number {
    let [sum, term] = [0, 1];
    for (let place = at; term > negligible * sum; place += direction) {
      term *= this.step(place, direction);
      sum += term;
    }
    return sum;
  }

  heightBetween(mode: number, at: number): Height {
    const direction = at < mode ? -1 : 1;
    let [factor, power] = [1, 0];
    for (let place = mode; place !== at; place += direction) {
      factor *= this.step(place, direction);
      if (factor < 2 ** -512) [factor, power] = [factor * 2 ** 512, power + 1];
    }
    return { factor, power };
  }

  /** The first table from the mode on that is not likelier than `height`, and how likely it is beside it. */
  firstAsUnlikely(mode: number, direction: number, height: Height): { at: number; ratio: number } | null {
    let [factor, power] = [1, 0];
    for (let place = mode; factor > 0; place += direction) {
      const ratio = power === height.power ? factor / height.factor : power < height.power ? Infinity : (factor / height.factor) * 2 ** (-512 * (power - height.power));
      if (ratio <= tie) return { at: place, ratio };
      factor *= this.step(place, direction);
      if (factor > 0 && factor < 2 ** -512) [factor, power] = [factor * 2 ** 512, power + 1];
    }
    return null;
  }
}
