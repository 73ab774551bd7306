import type { Migration } from './migration.ts';

/** Questions are requests that analysts take and close; results that were wrong are recalled, never deleted. */
export const requestsAndRecalls: Migration = {
  number: 6,
  name: 'requests and recalls',
  sql: `
ALTER TABLE questions DROP CONSTRAINT questions_state_check;
UPDATE questions SET state = CASE state WHEN 'open' THEN 'new' WHEN 'answered' THEN 'done' ELSE state END;
ALTER TABLE questions
  ALTER COLUMN state SET DEFAULT 'new',
  ADD CONSTRAINT questions_state_check CHECK (state IN ('new', 'taken', 'done', 'declined', 'became_task')),
  ADD COLUMN taken_by text,
  ADD COLUMN taken_at timestamptz,
  ADD COLUMN became_task text,
  ADD CONSTRAINT questions_became_check CHECK ((state = 'became_task') = (became_task IS NOT NULL));

CREATE TABLE recalls (
  id uuid PRIMARY KEY,
  task_id text NOT NULL,
  -- { ru, en }: what was wrong.
  reason jsonb NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recalled_runs (
  run_id uuid PRIMARY KEY REFERENCES runs (id),
  recall_id uuid NOT NULL REFERENCES recalls (id),
  -- When its person has put the notice away.
  seen_at timestamptz
);
CREATE INDEX recalled_runs_of_recall ON recalled_runs (recall_id);
`,
};
