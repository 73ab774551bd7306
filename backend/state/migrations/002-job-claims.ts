import type { Migration } from './migration.ts';

/** Which instance works on a job, so that the jobs of a dead one are taken up again at once. */
export const jobClaims: Migration = {
  number: 2,
  name: 'job claims',
  sql: `
CREATE TABLE job_claims (
  job_id uuid PRIMARY KEY,
  queue text NOT NULL,
  instance_id uuid NOT NULL
);
CREATE INDEX job_claims_of_instance ON job_claims (instance_id);
`,
};
