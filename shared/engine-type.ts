/** The ClickHouse type inside `Nullable(…)` and `LowCardinality(…)`. */
export function bareType(engineType: string): string {
  const inner = /^(?:LowCardinality|Nullable)\((.*)\)$/s.exec(engineType)?.[1];
  return inner === undefined ? engineType : bareType(inner);
}

/** Whether a type holds exact numbers, decimals or integers, whose digits must not be lost. */
export function isExactType(engineType: string): boolean {
  return !/^(Float|BFloat)/.test(bareType(engineType));
}
