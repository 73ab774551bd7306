import type { Migration } from './migration.ts';

/** What runs of audiences, experiments and draws came to, beside their tables: shape of shared/outcome.ts. */
export const runOutcomes: Migration = {
  number: 4,
  name: 'run outcomes',
  sql: 'ALTER TABLE executions ADD COLUMN outcome jsonb;',
};
