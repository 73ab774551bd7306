type Timed = () => Promise<() => Promise<void>>;

/** Milliseconds of each of two works, done in turns so that both meet the same weather; what a work returns tidies up outside of the time. */
export async function inTurns<N extends string>(rounds: number, works: Record<N, Timed>): Promise<Record<N, number[]>> {
  const names = Object.keys(works) as N[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  // The first round warms the engine's caches and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const name of names) {
      const started = performance.now();
      const tidy = await works[name]();
      const taken = performance.now() - started;
      if (round > 0) times[name].push(taken);
      await tidy();
    }
  return times;
}
