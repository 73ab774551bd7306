/** `Decimal(18, 4)` out of `LowCardinality(Nullable(Decimal(18, 4)))`. */
export function bareType(engineType: string): string {
  const found = /^(?:LowCardinality|Nullable)\((.*)\)$/.exec(engineType);
  return found?.[1] === undefined ? engineType : bareType(found[1]);
}
