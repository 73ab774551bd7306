/** Draws that are the same for the same seed and label, on any machine. */
export interface Random {
  uniform(): number;
  between(low: number, high: number): number;
  /** Even on a logarithmic scale. */
  logBetween(low: number, high: number): number;
  integer(low: number, high: number): number;
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  normal(): number;
  gamma(shape: number): number;
  poisson(mean: number): number;
  binomial(trials: number, share: number): number;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** sfc32, warmed up so that near seeds part. */
function makeUniform(seed: number, label: string): () => number {
  let [a, b, c, counter] = [hash(`${seed}:${label}`), hash(`${label}:${seed}`), seed >>> 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return ((sum >>> 0) + 0.5) / 2 ** 32;
  };
  for (let turn = 0; turn < 16; turn++) next();
  return next;
}

/** Marsaglia and Tsang. */
function drawGamma(shape: number, uniform: () => number, normal: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, uniform, normal) * uniform() ** (1 / shape);
  const third = shape - 1 / 3;
  const scale = 1 / Math.sqrt(9 * third);
  for (;;) {
    const deviate = normal();
    const cube = (1 + scale * deviate) ** 3;
    if (cube > 0 && Math.log(uniform()) < deviate ** 2 / 2 + third * (1 - cube + Math.log(cube))) return third * cube;
  }
}

/** Exact also for large numbers: they are halved by a beta deviate until few are left (Ahrens and Dieter). */
function drawBinomial(trials: number, share: number, random: Random): number {
  let [left, chance, hits] = [trials, share, 0];
  while (left > 16) {
    const middle = 1 + Math.floor(left / 2);
    const lower = random.gamma(middle);
    const cut = lower / (lower + random.gamma(left + 1 - middle));
    if (cut >= chance) {
      left = middle - 1;
      chance /= cut;
    } else {
      hits += middle;
      left -= middle;
      chance = (chance - cut) / (1 - cut);
    }
  }
  for (; left > 0; left--) if (random.uniform() < chance) hits += 1;
  return hits;
}

function drawPoisson(mean: number, random: Random): number {
  let [rest, count] = [mean, 0];
  while (rest > 16) {
    const order = Math.floor(rest * 0.875);
    const time = random.gamma(order);
    if (time > rest) return count + drawBinomial(order - 1, rest / time, random);
    count += order;
    rest -= time;
  }
  const floor = Math.exp(-rest);
  for (let product = random.uniform(); product > floor; product *= random.uniform()) count += 1;
  return count;
}

export function makeRandom(seed: number, label: string): Random {
  const uniform = makeUniform(seed, label);
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const between = (low: number, high: number): number => low + (high - low) * uniform();
  const random: Random = {
    uniform,
    between,
    logBetween: (low, high) => low * (high / low) ** uniform(),
    integer: (low, high) => Math.floor(between(low, high + 1)),
    chance: (share) => uniform() < share,
    pick: (items) => items[Math.floor(uniform() * items.length)]!,
    normal,
    gamma: (shape) => drawGamma(shape, uniform, normal),
    poisson: (mean) => drawPoisson(mean, random),
    binomial: (trials, share) => drawBinomial(trials, share, random),
  };
  return random;
}
