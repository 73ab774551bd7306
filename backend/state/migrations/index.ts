import type { Migration } from './migration.ts';
import { runsAndAccess } from './001-runs-and-access.ts';
import { jobClaims } from './002-job-claims.ts';
import { uploadsAndKeptSteps } from './003-uploads-and-kept-steps.ts';
import { runOutcomes } from './004-run-outcomes.ts';
import { sourceLedger } from './005-source-ledger.ts';
import { requestsAndRecalls } from './006-requests-and-recalls.ts';
import { experiments } from './007-experiments.ts';
import { alerts } from './008-alerts.ts';
import { draws } from './009-draws.ts';
import { exampleChecks } from './010-example-checks.ts';

/** Every migration in order; a new one is a new file and a line here. */
export const migrations: readonly Migration[] = [runsAndAccess, jobClaims, uploadsAndKeptSteps, runOutcomes, sourceLedger, requestsAndRecalls, experiments, alerts, draws, exampleChecks];
