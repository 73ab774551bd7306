import type { Migration } from './migration.ts';

/** A/B tests, written down at their first look; looks are executions whose outcome names the test. */
export const experiments: Migration = {
  number: 7,
  name: 'experiments',
  sql: `
CREATE TABLE experiments (
  id uuid PRIMARY KEY,
  task_id text NOT NULL,
  -- One task may read out several tests, by the values of its form.
  values_key text NOT NULL,
  title jsonb NOT NULL,
  -- What it is judged by, as it was before anybody looked.
  registration jsonb NOT NULL,
  registered_by text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (task_id, values_key)
);
CREATE INDEX executions_of_experiment ON executions ((outcome->>'experimentId')) WHERE outcome IS NOT NULL;

CREATE TABLE experiment_decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  experiment_id uuid NOT NULL REFERENCES experiments (id),
  decision text NOT NULL CHECK (decision IN ('rollOut', 'doNotRollOut', 'continue', 'stop')),
  why text NOT NULL,
  person text NOT NULL,
  -- The read-out that it rests on.
  run_id uuid REFERENCES runs (id),
  decided_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX experiment_decisions_of ON experiment_decisions (experiment_id, id);
`,
};
