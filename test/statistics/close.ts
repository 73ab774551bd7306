import { expect } from 'vitest';

/** Every number within the relative error of its reference; `null` in the reference leaves a place out. */
export function expectClose(actual: unknown, expected: unknown, error = 1e-9, path = ''): void {
  if (expected === null) return;
  if (typeof expected !== 'number') {
    for (const [name, value] of Object.entries(expected as object)) expectClose((actual as Record<string, unknown> | null)?.[name], value, error, `${path}.${name}`);
    return;
  }
  expect(Math.abs((actual as number) - expected), `${path}: ${String(actual)} instead of ${expected}`).toBeLessThanOrEqual(error * Math.max(Math.abs(expected), Number.MIN_VALUE));
}
