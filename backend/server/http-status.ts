import type { ProblemCode } from '../../shared/problem.ts';

/** A new code without a status does not compile. */
export const httpStatus: Record<ProblemCode, number> = {
  invalid_request: 400,
  invalid_values: 422,
  not_signed_in: 401,
  not_allowed: 403,
  not_found: 404,
  link_gone: 404,
  task_retired: 409,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  query_refused: 422,
  query_failed: 422,
  time_limit: 422,
  row_limit: 422,
  memory_limit: 422,
  result_expired: 410,
  interrupted: 503,
  source_unreachable: 503,
  disk_full: 507,
  not_ready: 503,
  internal: 500,
};
