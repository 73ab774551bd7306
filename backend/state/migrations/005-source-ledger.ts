import type { Migration } from './migration.ts';

/** What sources know together over all backends: counted uses, places held, notes, and tables kept between runs. */
export const sourceLedger: Migration = {
  number: 5,
  name: 'source ledger',
  sql: `
CREATE TABLE source_uses (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  used_at timestamptz NOT NULL
);
CREATE INDEX source_uses_by_name ON source_uses (name, used_at);

CREATE TABLE source_leases (
  name text NOT NULL,
  slot integer NOT NULL,
  holder uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (name, slot)
);

CREATE TABLE source_notes (
  name text PRIMARY KEY,
  content jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE source_tables (
  table_id text PRIMARY KEY,
  name text NOT NULL,
  -- Null until the table is whole.
  content jsonb,
  made_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX source_tables_by_name ON source_tables (name, made_at DESC);
`,
};
