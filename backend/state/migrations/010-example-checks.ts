import type { Migration } from './migration.ts';

/** What the nightly round of tasks' examples found; one round a local day over all backends. */
export const exampleChecks: Migration = {
  number: 10,
  name: 'example checks',
  sql: `
CREATE TABLE example_rounds (
  -- Day of the company's time zone.
  day date PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  failed integer
);

CREATE TABLE example_checks (
  task_id text NOT NULL,
  -- Place in the task's file, from 0.
  example integer NOT NULL,
  task_version text NOT NULL,
  rows bigint,
  -- What does not hold, as text; empty when all does.
  faults jsonb NOT NULL,
  checked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (task_id, example)
);`,
};
