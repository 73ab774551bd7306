import type { Option } from '../../shared/fields/choice.ts';
import type { BoundParts, BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import type { FieldKindName } from '../../shared/fields/index.ts';
import type { AnyValue, FormValues } from '../../shared/form.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import type { CastType } from '../../shared/cast-type.ts';
import type { Chart, ColumnType } from '../../shared/result.ts';

/** One mistake in a catalog file, with the place and what to write instead. `line` and `column` count from 1. */
export interface Fault {
  /** Path inside the catalog, such as `tasks/partner-cards.sql`. */
  file: string;
  line: number;
  column: number;
  message: string;
  advice: string;
  /** True when it should be mended but does not keep the file from use. */
  warning?: boolean;
}

/** An analyst's query on a source, as written: parsed, not yet bound. */
export interface TemplateQuery {
  on: string;
  template: Template;
}

/** A parsed template. `fields` are the names it uses, `steps` and `views` the tables. Rendered by `backend/template`. */
export interface Template {
  source: string;
  parts: TemplatePart[];
  fields: string[];
  steps: string[];
  views: string[];
}

/** `offset` is the place in the template's source. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'field'; name: string; part: keyof BoundParts; afterIn: boolean; asTable?: boolean; offset: number }
  | { kind: 'step'; name: string; offset: number }
  /** A view's own text; empty until the catalog has put it in. */
  | { kind: 'view'; name: string; parts: TemplatePart[]; offset: number }
  | { kind: 'optional'; parts: TemplatePart[]; offset: number };

/** An option with the analyst's SQL that stands in for it in `{{field}}`. */
export interface SqlOption extends Option {
  sql?: string;
}

export interface Field {
  name: string;
  kind: FieldKindName;
  label: LocalText;
  help?: LocalText;
  placeholder?: LocalText;
  required: boolean;
  default?: AnyValue;
  visibleWhen?: { field: string; is: (string | number | boolean)[] };
  settings: Record<string, unknown>;
  /** Fixed options of a choice. */
  options?: SqlOption[];
  /** Options from a query: columns `value`, `label` and, if there is one, `hint`. */
  optionsQuery?: TemplateQuery;
  /** True when the options' query uses `{{search}}` itself. */
  searchesItself: boolean;
  /** For `list`: a query whose first column holds every known entry. */
  known?: TemplateQuery;
  /** For periods and dates: a query of one value that the form opens with, given the other fields (`from` or `until`). */
  defaultQuery?: TemplateQuery;
  dependsOn: string[];
}

export interface Step {
  name: string;
  on: string;
  /** Written with `with`: a program of the analyst's, run by an interpreter that the operator has allowed. */
  isScript?: boolean;
  template: Template;
  /** Names of earlier steps that must be ready first. */
  after: string[];
  /** Types that the author gives to columns. */
  casts?: Record<string, CastType>;
  /** How long its table is used again by runs that ask for exactly the same. */
  keepSeconds?: number;
  line: number;
}

export interface TaskColumn {
  title: LocalText;
  type?: ColumnType;
  personal: boolean;
}

export interface TaskLimits {
  timeSeconds: number;
  rows: number;
  memoryBytes: number;
}

export interface TaskExample {
  values: FormValues;
  /** What must hold: exact or bounded row count, columns that must be there. */
  expect: { rows?: number; rowsAtLeast?: number; rowsAtMost?: number; columns?: string[] };
}

/** A named definition of facts: `user_id, time, value[, denominator], dimensions…`. Read-outs, worksheet functions and monitors read it. */
export interface Metric {
  id: string;
  version: string;
  title: LocalText;
  description: LocalText;
  owner: string;
  /** `share`: users with a fact; `mean`: value a user; `ratio`: value by denominator; `count`: facts. */
  type: 'share' | 'mean' | 'ratio' | 'count';
  /** Direction in which it is better. */
  good: 'up' | 'down';
  /** Whether a harm to it stops a decision. */
  guardrail: boolean;
  /** Relative change that does not matter, as a share. */
  margin: number;
  /** Days after entry that a read-out counts. */
  windowDays: number;
  unit: LocalText;
  /** The last one returns the facts. */
  steps: Step[];
}

/** One task of the catalog, checked whole. */
export interface Task {
  id: string;
  /** What becomes of the last step's table; `query`: it is the result. */
  kind: string;
  /** What the kind has read from its own section of the header; only its own code looks inside. */
  section: unknown;
  /** Hash of all that it consists of: file, shared fields, views, source names. */
  version: string;
  formerIds: string[];
  title: LocalText;
  description: LocalText;
  group: string;
  groupTitle: LocalText;
  owner: string;
  status: 'draft' | 'published' | 'retired';
  /** People who try it in the pane while it is a draft. */
  testers?: string[];
  replacedBy?: string;
  /** File name without ending: text with `{{field}}` put in by label, not by id. See `renderFileName`. */
  fileName: LocalText;
  fields: Field[];
  steps: Step[];
  /** By column name. Option labels title the columns of a `{{columns}}` field that the header does not title. */
  columns: Record<string, TaskColumn>;
  results: { name: string; title: LocalText; step: string }[];
  fresh?: TemplateQuery;
  needsComplete: boolean;
  chart?: Chart;
  limits: TaskLimits;
  examples: TaskExample[];
  changes: string[];
  /** Minutes of an analyst's work that one run saves. */
  saves?: number;
}

/** How a person may use the catalog. */
export interface AccessRules {
  roles: Record<string, { may: string[]; groups: string[] | 'all' }>;
  people: Record<string, string>;
}

export interface SourceSettings {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
}

/** One channel of `channels.yaml`: where people are told. Secrets stand as `${NAME}`. */
export interface ChannelSettings {
  name: string;
  kind: string;
  language: Language;
  /** How many messages a day it takes that are not critical; the rest goes into the daily digest. */
  messagesPerDay: number;
  /** Local time of the digest, `09:00`. */
  digestAt: string;
  settings: Record<string, unknown>;
}

/** The catalog in use: the last good version of every file. */
export interface Catalog {
  /** Every task in use, drafts and retired ones included. */
  tasks(): Task[];
  /** By id or former id. */
  task(id: string): Task | undefined;
  sources(): SourceSettings[];
  channels(): ChannelSettings[];
  /** Every metric without faults. */
  metrics(): Metric[];
  access(): AccessRules;
  /** Faults of the newest files; the tasks that they are in stay at their last good version. */
  faults(): Fault[];
  /** Called after each reload. Returns how to stop being called. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface RenderedQuery {
  sql: string;
  parameters: Record<string, BoundValue>;
}

/** What rendering a template needs besides the template. */
export interface RenderInput {
  fields: Field[];
  /** Resolved and checked. Absent, null and hidden mean empty. */
  values: FormValues;
  context: FieldContext;
  /** Placeholder of a bound parameter in the source's language. */
  placeholder: (name: string, value: BoundValue) => string;
  /** The text that stands for an earlier step's table. */
  step: (name: string) => string;
  /** The text of `{{search}}`, for options. */
  search?: string;
}
