/** How many users of a group did something. A `Share` is valid when 0 ≤ hits ≤ users, both finite. */
export interface Share {
  /** Users who did it. */
  hits: number;
  /** All users of the group. */
  users: number;
}

/**
 * All that statistics need to know of one value per user.
 *
 * The sum of squared deviations from the mean is asked for instead of the sum of squares: the latter
 * loses all digits when the mean is large beside the spread. In ClickHouse: `count()`, `avg(x)`, `varPopStable(x) * count()`.
 */
export interface Moments {
  /** All users of the group, also those whose value is 0. */
  users: number;
  /** Mean per user, in the metric's unit. */
  mean: number;
  /** Sum of squared deviations from the mean, in the unit squared (Welford's M2). */
  m2: number;
}

/**
 * All that statistics need to know of two values per user: of a ratio (`x` the denominator, `y` the numerator), or
 * of a value and the same user's value before the test (`x` before, `y` after). In ClickHouse the
 * comoment is `covarPopStable(x, y) * count()`.
 */
export interface PairMoments {
  users: number;
  x: { mean: number; m2: number };
  y: { mean: number; m2: number };
  /** Sum of the products of both deviations from their means. */
  comoment: number;
}

export function isShare({ hits, users }: Share): boolean {
  return hits >= 0 && hits <= users && Number.isFinite(users);
}

export function isMoments({ users, mean, m2 }: Moments): boolean {
  return users >= 0 && m2 >= 0 && [users, mean, m2].every(Number.isFinite);
}

export function isPairMoments({ users, x, y, comoment }: PairMoments): boolean {
  return isMoments({ users, ...x }) && isMoments({ users, ...y }) && Number.isFinite(comoment);
}
