import type { Language, LocalText } from '../../shared/language.ts';
import type { Metric, RenderedQuery } from '../catalog/task.ts';
import type { ExperimentSection } from './section.ts';

/** A step of a metric's facts, bound. Where it reads an earlier one it holds that one's text of `marks`. */
export interface PlannedFactsStep extends RenderedQuery {
  name: string;
  on: string;
  after: string[];
}

export type PlannedMetric = Pick<Metric, 'id' | 'title' | 'type' | 'good' | 'guardrail' | 'margin' | 'windowDays' | 'unit'> & {
  role: 'target' | 'guardrail' | 'other';
  /** The last one returns the facts. */
  steps: PlannedFactsStep[];
  marks: Record<string, string>;
};

/** All that a read-out needs, recorded when it was asked for. */
export interface PlannedReadout {
  experimentId: string;
  title: LocalText;
  section: ExperimentSection;
  /** The target first. */
  metrics: PlannedMetric[];
  language: Language;
  zone: string;
  /** The local day of the question. */
  today: string;
  /** When that day began, in seconds since 1970: data is taken as complete until then. */
  completeUntil: number;
  /** The moment of the question; later entries lie in the future. */
  askedAt: number;
  /** When the day after the planned end began, for late entries. */
  entriesUntil: number | null;
}

/** Whether the planned end is not reached: then only always-valid intervals may be looked at. */
export function isRunning({ section: { planned }, today }: PlannedReadout, users: number): boolean {
  return planned.until === undefined ? users < (planned.users ?? 0) : today <= planned.until;
}
