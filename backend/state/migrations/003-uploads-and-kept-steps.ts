import type { Migration } from './migration.ts';

/** Files that people give to forms, and steps whose tables are used again. Their rows lie in the workbench. */
export const uploadsAndKeptSteps: Migration = {
  number: 3,
  name: 'uploads and kept steps',
  sql: `
CREATE TABLE uploads (
  id uuid PRIMARY KEY,
  person text NOT NULL,
  name text NOT NULL,
  -- Its rows as text; absent while the file is being read.
  stored jsonb,
  -- What was found in it: columns with their types, first rows, how it is written.
  contents jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX uploads_of_person ON uploads (person, created_at);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

CREATE TABLE kept_steps (
  table_id text PRIMARY KEY,
  -- Hash of all that the step's answer depends on, the data aside.
  key text NOT NULL,
  -- Absent while the step runs.
  stored jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- A run reads it at least until then.
  used_until timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX kept_steps_by_key ON kept_steps (key, created_at);
`,
};
