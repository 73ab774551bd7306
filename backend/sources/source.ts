import type { z } from 'zod';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';

/** A step whose values are bound, ready for its source. */
export interface BoundStep {
  name: string;
  sql: string;
  parameters: Record<string, BoundValue>;
  /** Earlier steps that the text reads, by name. */
  steps: Record<string, StoredTable>;
}

/** One external system we read from. Every method throws only Problem. */
export interface Source {
  /** Placeholder text of a bound value in this source's own language. */
  placeholder(name: string, value: BoundValue): string;
  /** Runs the step and keeps its table in the workbench as `tableId`. */
  run(step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable>;
  /** A small read: options, known values, freshness. */
  select(step: BoundStep, context: QueryContext): Promise<{ columns: { name: string; engineType: string }[]; rows: unknown[][] }>;
  /** What the step would return, without running it. */
  describe(step: BoundStep): Promise<{ name: string; engineType: string }[]>;
  check(signal: AbortSignal): Promise<{ version: string; latencyMs: number }>;
  close(): Promise<void>;
}

/** One kind of source: its settings as data, and how to open it. */
export interface SourceKind<Settings> {
  kind: string;
  settings: z.ZodType<Settings>;
  open(settings: Settings, parts: { workbench: Workbench }): Source;
}
