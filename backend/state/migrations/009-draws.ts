import type { Migration } from './migration.ts';

/** Draws: a seed before anybody knows the participants, the draw once, and who took whose place afterwards. */
export const draws: Migration = {
  number: 9,
  name: 'draws',
  sql: `
CREATE TABLE draws (
  id uuid PRIMARY KEY,
  task_id text NOT NULL,
  title jsonb NOT NULL,
  -- The period, or a hash of all values: what should be drawn once.
  subject text NOT NULL,
  seed text NOT NULL,
  prepared_by text NOT NULL,
  prepared_at timestamptz NOT NULL DEFAULT now(),
  held_at timestamptz,
  held_by text,
  -- 0 for the first draw of its subject.
  repeat integer,
  reason text,
  public_number text,
  UNIQUE (task_id, subject, repeat),
  CHECK ((held_at IS NULL) = (held_by IS NULL) AND (held_at IS NULL) = (repeat IS NULL)),
  CHECK (repeat = 0 OR held_at IS NULL OR reason IS NOT NULL)
);
CREATE INDEX draws_held ON draws (task_id, held_at) WHERE held_at IS NOT NULL;
CREATE INDEX executions_of_draw ON executions ((outcome->>'drawId')) WHERE outcome IS NOT NULL;

CREATE TABLE draw_places (
  draw_id uuid NOT NULL REFERENCES draws (id),
  place integer NOT NULL,
  -- Number of the prize in its list; NULL is a reserve.
  prize integer,
  participant text NOT NULL,
  weight bigint NOT NULL,
  PRIMARY KEY (draw_id, place),
  UNIQUE (draw_id, participant)
);

CREATE TABLE draw_replacements (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  draw_id uuid NOT NULL REFERENCES draws (id),
  place integer NOT NULL,
  declined text NOT NULL,
  -- NULL when no reserve was left.
  reserve_place integer,
  reason text NOT NULL,
  person text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (draw_id, place) REFERENCES draw_places (draw_id, place),
  UNIQUE (draw_id, reserve_place),
  UNIQUE (draw_id, declined)
);

-- Who has each prize now; without a participant when everybody declined.
CREATE VIEW draw_winners AS
SELECT p.draw_id, p.place, p.prize, CASE WHEN r.id IS NULL THEN p.participant ELSE q.participant END AS participant
FROM draw_places p
LEFT JOIN LATERAL (SELECT x.id, x.reserve_place FROM draw_replacements x WHERE x.draw_id = p.draw_id AND x.place = p.place ORDER BY x.id DESC LIMIT 1) r ON true
LEFT JOIN draw_places q ON q.draw_id = p.draw_id AND q.place = r.reserve_place
WHERE p.prize IS NOT NULL;
`,
};
