import type { Migration } from './migration.ts';

/**
 * `executions` are the work, `runs` are people's views of it: equal questions of people with equal rights share one
 * execution while it is queued or running, and each keeps a run, values and number of their own.
 * All instants are timestamptz. JSON columns are written with `toJson`.
 */
export const runsAndAccess: Migration = {
  number: 1,
  name: 'runs and access',
  sql: `
CREATE TABLE instances (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  pid integer NOT NULL,
  version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  stopped_at timestamptz
);

CREATE TABLE executions (
  id uuid PRIMARY KEY,
  -- Equal while two questions may share one answer: task, version, resolved values, rights.
  merge_key text NOT NULL,
  task_id text NOT NULL,
  task_version text NOT NULL,
  -- Who asked first; limits per person count this one.
  person text NOT NULL,
  sources text[] NOT NULL DEFAULT '{}',
  -- All that is needed to execute it again after a restart: resolved values, columns left out, language.
  input jsonb NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- Order of the queue; the position of a run is the count of queued ones before it.
  place bigint GENERATED ALWAYS AS IDENTITY,
  -- When limits let it go to the workers; it holds a slot of its person and sources from then on.
  admitted_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- Milliseconds of each step, by name.
  timings jsonb,
  -- The instance that executes it; when that one is dead, the execution is taken up again or failed.
  owner_instance uuid,
  cancel_requested_at timestamptz,
  -- Shape of shared/run.ts progress.
  progress jsonb,
  -- { code, text, reference } of a failure.
  problem jsonb,
  -- Result summaries with table ids and column fingerprints; outlive the stored rows.
  results jsonb,
  data_as_of timestamptz,
  queued_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- Retention: when the stored rows may be dropped, and when they were.
  expires_at timestamptz,
  dropped_at timestamptz,
  CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'failed') = (problem IS NOT NULL)),
  CHECK ((state = 'succeeded') = (results IS NOT NULL))
);
CREATE UNIQUE INDEX executions_merge ON executions (merge_key) WHERE state IN ('queued', 'running');
CREATE INDEX executions_active ON executions (state, place) WHERE state IN ('queued', 'running');
CREATE INDEX executions_expiring ON executions (expires_at) WHERE state = 'succeeded' AND dropped_at IS NULL;

-- The last number given in an ISO week: № 48-213 is iso_week 48, last 213.
CREATE TABLE run_numbers (
  iso_year integer NOT NULL,
  iso_week integer NOT NULL CHECK (iso_week BETWEEN 1 AND 53),
  last integer NOT NULL,
  PRIMARY KEY (iso_year, iso_week)
);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  iso_year integer NOT NULL,
  iso_week integer NOT NULL,
  sequence integer NOT NULL,
  number text NOT NULL GENERATED ALWAYS AS (iso_week::text || '-' || sequence::text) STORED,
  person text NOT NULL,
  execution_id uuid NOT NULL REFERENCES executions (id),
  task_id text NOT NULL,
  task_version text NOT NULL,
  title jsonb NOT NULL,
  -- As entered, as resolved, and in words (label, text) for provenance.
  entered_values jsonb NOT NULL,
  resolved_values jsonb NOT NULL,
  values_in_words jsonb NOT NULL,
  file_name jsonb NOT NULL,
  chart jsonb,
  language text NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- This person no longer wants it; the execution goes on while anyone else does.
  cancelled_at timestamptz,
  UNIQUE (iso_year, iso_week, sequence)
);
CREATE INDEX runs_of_person ON runs (person, created_at DESC);
CREATE INDEX runs_of_person_and_task ON runs (person, task_id, created_at DESC);
CREATE INDEX runs_of_execution ON runs (execution_id);
CREATE INDEX runs_by_number ON runs (number);

CREATE TABLE favourites (
  person text NOT NULL,
  task_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person, task_id)
);

CREATE TABLE links (
  id text PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES runs (id),
  person text NOT NULL,
  format text NOT NULL CHECK (format IN ('xlsx', 'csv', 'csv-systems')),
  -- One result of several; null means all in an XLSX, the first in a CSV.
  result text,
  partner boolean NOT NULL DEFAULT false,
  locale text NOT NULL CHECK (locale IN ('ru', 'en')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text
);
CREATE INDEX links_of_run ON links (run_id);

CREATE TABLE downloads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  link_id text NOT NULL REFERENCES links (id),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  address text,
  agent text,
  bytes bigint NOT NULL DEFAULT 0,
  completed boolean NOT NULL DEFAULT false
);
CREATE INDEX downloads_of_link ON downloads (link_id, started_at);

CREATE TABLE questions (
  id uuid PRIMARY KEY,
  text text NOT NULL,
  for_what text,
  by_when text,
  run_id uuid REFERENCES runs (id),
  task_id text,
  asked_by text NOT NULL,
  owner text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'declined')),
  answer text,
  answered_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  answered_at timestamptz
);
CREATE INDEX questions_asked ON questions (asked_by, created_at DESC);
CREATE INDEX questions_owned ON questions (owner, created_at DESC);

CREATE TABLE sign_in_codes (
  id uuid PRIMARY KEY,
  -- Keyed hash of the code; the code itself is never stored.
  code_hash text NOT NULL UNIQUE,
  person text NOT NULL,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX sign_in_codes_of_person ON sign_in_codes (person) WHERE used_at IS NULL;

CREATE TABLE sign_in_failures (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failures_of_address ON sign_in_failures (address, at);

-- Session tokens of a person that were issued before this instant are no longer accepted.
CREATE TABLE session_cutoffs (
  person text PRIMARY KEY,
  issued_before timestamptz NOT NULL
);

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  person text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_of_person ON audit (person, at);
`,
};
