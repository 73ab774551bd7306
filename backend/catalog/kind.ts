import type { Form } from './form.ts';
import type { Names } from './query-text.ts';
import type { SourceText } from './source-text.ts';
import type { Fault, Field, Metric, Step } from './task.ts';
import type { YamlValue } from './yaml-value.ts';

/** What a kind's section of a header is read against. */
export interface SectionParts {
  source: SourceText;
  form: Form;
  names: Names;
  steps: Step[];
  /** Metrics by id; one with faults is `null`. */
  metrics: ReadonlyMap<string, Metric | null>;
  faults: Fault[];
}

export interface ReadSection {
  /** Kept in the task as it is; templates in it are parsed. Must survive JSON. */
  section: unknown;
  /** The kind's own fields, shown after the task's. */
  fields: Field[];
  /** Files of the catalog that it was made from besides, such as `metrics/card_issues.sql`. */
  uses: string[];
  /** Steps that the kind reads besides the last one. */
  steps?: string[];
}

/** What a kind of task adds to the format of a task file: a section of the header by the kind's name, and fields of its own. */
export interface CatalogKind {
  kind: string;
  /** Reports every mistake to `parts.faults`; never throws. `section` is absent when the header has none. */
  read(section: YamlValue | undefined, parts: SectionParts): ReadSection;
}
