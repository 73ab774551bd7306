import type { Migration } from './migration.ts';

/** What is told to channels, and the incidents that it is told of. */
export const alerts: Migration = {
  number: 8,
  name: 'alerts',
  sql: `
CREATE TABLE alert_messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  channel text NOT NULL,
  content jsonb NOT NULL,
  -- waiting, sending, sent, refused (the service will never take it)
  state text NOT NULL DEFAULT 'waiting',
  tries integer NOT NULL DEFAULT 0,
  -- A try whose outcome is unknown: the next one says that it may be a repeat.
  doubtful boolean NOT NULL DEFAULT false,
  sender text,
  trouble text,
  made_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz
);
CREATE INDEX alert_messages_open ON alert_messages (channel, id) WHERE state IN ('waiting', 'sending');

-- One lane an address: what is told over one webhook goes one by one over all backends.
CREATE TABLE alert_lanes (
  lane text PRIMARY KEY,
  free_at timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  broken_since timestamptz,
  trouble jsonb,
  last_sent_at timestamptz
);

CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY,
  fingerprint text NOT NULL,
  monitor text NOT NULL,
  series text NOT NULL,
  direction text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  channel text,
  importance text NOT NULL,
  owner text,
  -- The newest finding, as the detector gave it.
  finding jsonb NOT NULL,
  since timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  bucket timestamptz NOT NULL,
  quiet integer NOT NULL DEFAULT 0,
  cause uuid REFERENCES incidents,
  told_at timestamptz,
  acknowledged_by text,
  muted_until timestamptz,
  closed_at timestamptz
);
CREATE UNIQUE INDEX incidents_open ON incidents (fingerprint) WHERE closed_at IS NULL;
CREATE INDEX incidents_by_monitor ON incidents (monitor, opened_at DESC);

CREATE TABLE incident_decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incidents,
  decision text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz,
  reason text,
  person text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE monitor_reports (
  monitor text NOT NULL,
  bucket timestamptz NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (monitor, bucket)
);
`,
};
