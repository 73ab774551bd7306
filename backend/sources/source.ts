import type { z } from 'zod';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { CastType } from '../../shared/cast-type.ts';
import type { CohortAnswer } from '../../shared/fields/cohort.ts';
import type { QueryContext, StoredColumn, StoredTable, Workbench } from '../workbench/workbench.ts';
import type { OwnView } from './own-view.ts';
import type { SourceLedger } from './source-ledger.ts';

/** What the steps of a source are written in. */
export type SourceLanguage = 'sql' | 'yaml' | 'script';

/** A step whose values are bound, ready for its source. */
export interface BoundStep {
  name: string;
  /** The step's text in the source's language. Where it reads an earlier step stands the source's own `stepReference`. */
  sql: string;
  /** For a script: every filled-in field of the form. */
  parameters: Record<string, BoundValue>;
  /** Earlier steps that the text reads, by name. */
  steps: Record<string, StoredTable>;
  /** Types that the author has given to columns of the step's table. */
  casts?: Record<string, CastType>;
}

/** How queries are put around an analyst's query, in the language of a source whose steps are SQL. */
export interface SqlDialect {
  /** The first rows of `sql`. */
  firstRows(sql: string, rows: number): string;
  /** The rows of `sql` whose `column` is in the list that stands at `placeholder`; with `distinct`, that column alone, each value once. */
  rowsWhere(sql: string, where: { column: string; placeholder: string; distinct: boolean }): string;
  /** A table of these columns without data, to stand for an earlier step that is not there yet. */
  emptyTable(columns: StoredColumn[]): string;
}

/** One external system we read from. Every method throws only Problem. */
export interface Source {
  language: SourceLanguage;
  /** For SQL only. */
  dialect?: SqlDialect;
  /** Placeholder text of a bound value in this source's own language. */
  placeholder(name: string, value: BoundValue): string;
  /** What stands in a step's text for an earlier step; `run` and `select` make it readable. */
  stepReference(name: string, table: StoredTable): string;
  /** Runs the step and keeps its table in the workbench as `tableId`. Leaves nothing behind when it fails. */
  run(step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable>;
  /** A small read: options, known values, freshness. */
  select(step: BoundStep, context: QueryContext): Promise<{ columns: StoredColumn[]; rows: unknown[][] }>;
  /** What the step would return, without running it. */
  describe(step: BoundStep): Promise<StoredColumn[]>;
  /** How many rows a step that reads no earlier ones would read, without running it; `null` where the engine cannot tell. */
  estimate?(step: BoundStep): Promise<number | null>;
  /** For a source with cohorts: those that fit what a person typed, an id or words, before a run. */
  findCohorts?(search: string, signal: AbortSignal): Promise<CohortAnswer>;
  check(signal: AbortSignal): Promise<SourceState>;
  close(): Promise<void>;
}

/** What an operator sees of a source that answers. */
export interface SourceState {
  version: string;
  latencyMs: number;
  /** What should be mended though it works, in both languages: too many rights, an old version, a quota that runs out. */
  advice?: { ru: string; en: string }[];
}

export interface SourceParts {
  /** The name that the catalog gives it, for messages. */
  name: string;
  workbench: Workbench;
  /** IANA zone of days and of times without a zone. */
  timeZone: string;
  /** What sources know together over all backends; absent where a source is opened by itself. */
  ledger?: SourceLedger;
  /** Views of our own data, for the one source that shows them. */
  ownViews?: OwnView[];
}

/** One kind of source: its settings as data, and how to open it. */
export interface SourceKind<Settings> {
  kind: string;
  language: SourceLanguage;
  /** A strict object; secrets are made by `secret()`. */
  settings: z.ZodType<Settings>;
  open(settings: Settings, parts: SourceParts): Source;
}
