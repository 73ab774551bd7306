import type { FormValues } from '../../shared/form.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { RenderedQuery, Task, TaskColumn, Template } from '../catalog/task.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';

/** What a kind is told when a run is asked for. */
export interface KindRequest {
  task: Task;
  /** Checked and resolved values of the form, the kind's own fields included. */
  values: FormValues;
  person: string;
  /** Of the person, for words in tables. */
  language: Language;
  /** Binds the values into a template of the kind's section. Where it reads a step stands a text that `KindInput.withTables` replaces. */
  render(template: Template, on: string): RenderedQuery;
}

/** What a kind works with once the task's steps are there. */
export interface KindInput {
  executionId: string;
  /** Tables of the task's steps, by name. */
  tables: ReadonlyMap<string, StoredTable>;
  /** The last step's table. */
  last: StoredTable;
  workbench: Workbench;
  /** Puts the steps' tables into a text that `render` made. */
  withTables(query: RenderedQuery): RenderedQuery;
  /** The id under which the kind stores one of its `tables`: kept when it is a result, dropped otherwise. */
  tableId(name: string): string;
  /** Limits, signal and progress for a query of the kind's own. */
  context(name: string): QueryContext;
}

export interface KindResult {
  name: string;
  title: LocalText;
  table: StoredTable;
  columns: Record<string, TaskColumn>;
}

export interface KindOutcome {
  results: KindResult[];
  outcome: Outcome;
}

/**
 * What becomes of the last step's table of a task of this kind. It runs in the background worker, perhaps again after a
 * crash: it computes and stores tables, and changes nothing else. What happens once (a commitment, a draw) is an action of its own afterwards.
 */
export interface KindRunner {
  kind: string;
  /** Names of the tables that it may store. */
  tables: readonly string[];
  /** Recorded with the run's plan, so it must survive JSON. Throws Problem when the values do not go. */
  plan(request: KindRequest): Promise<unknown>;
  finish(planned: unknown, input: KindInput): Promise<KindOutcome>;
}

export type KindRunners = ReadonlyMap<string, KindRunner>;
