/** One SELECT's answers for several ways of grouping at once, told apart by the engine's own `grouping` mask. */
export interface GroupSets {
  /** `grouping(…) AS set_mask, key, key…` */
  select: string;
  groupBy: string;
  /** Which of the sets a row's mask is. */
  setOf(mask: number): number;
}

export function groupSets(keys: string[], sets: string[][]): GroupSets {
  const maskOf = (set: string[]): number => keys.reduce((mask, key) => mask * 2 + (set.includes(key) ? 0 : 1), 0);
  const masks = sets.map(maskOf);
  return {
    select: [`grouping(${keys.join(', ')}) AS set_mask`, ...keys].join(', '),
    groupBy: `GROUPING SETS (${sets.map((set) => `(${set.join(', ')})`).join(', ')})`,
    setOf: (mask) => masks.indexOf(mask),
  };
}
