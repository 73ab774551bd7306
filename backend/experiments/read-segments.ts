import type { Comparison } from '../../shared/statistics/index.ts';
import type { PlannedMetric } from './planned.ts';
import { plannedOf, type ReadingParts, type ReadMetric } from './read-metrics.ts';

/** One metric in one part of the users: for exploring, never for a verdict. */
export interface SegmentReadout {
  column: string;
  value: string;
  metric: PlannedMetric;
  group: string;
  controlUsers: number;
  treatmentUsers: number;
  comparison: Comparison | null;
  /** After Benjamini and Hochberg, over the whole table. */
  adjustedPValue: number | null;
}

/** Every metric in every value of every segment, the largest parts first. */
export function readSegments(metrics: ReadMetric[], columns: string[], parts: ReadingParts): SegmentReadout[] {
  const { totals, planned, statistics } = parts;
  const values = columns.flatMap((column) => {
    const sizes = new Map<string, number>();
    for (const one of totals.segments.filter((segment) => segment.column === column)) sizes.set(one.value, (sizes.get(one.value) ?? 0) + one.users);
    return [...sizes].sort(([, one], [, other]) => other - one).map(([value]) => ({ column, value }));
  });
  const rows = values.flatMap(({ column, value }) =>
    metrics.flatMap(({ metric, comparer }) =>
      planned.section.groups.slice(1).map(({ name }, at) => {
        const [control, treatment] = [comparer.segment(1, column, value), comparer.segment(at + 2, column, value)];
        const { comparison } = comparer.plain(control, treatment, plannedOf(parts, at + 2));
        return { column, value, metric, group: name, controlUsers: control.pair.users, treatmentUsers: treatment.pair.users, comparison };
      }),
    ),
  );
  const adjusted = statistics.benjaminiHochberg(rows.map(({ comparison }) => comparison?.pValue ?? null));
  return rows.map((row, place) => ({ ...row, adjustedPValue: adjusted[place] ?? null }));
}
