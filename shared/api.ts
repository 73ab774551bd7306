import { z } from 'zod';
import { draw, drawFiles, drawsQuery, holdRequest, replacementRequest } from './draw.ts';
import { alertsAnswer, incident, incidentDecision } from './alert.ts';
import { decisionRequest, experimentsQuery, experimentSummary } from './experiment.ts';
import { baselineAnswer, baselineQuery, metricsAnswer } from './baseline.ts';
import { callsAtOnce } from './calls-at-once.ts';
import { optionsAnswer, optionsRequest } from './form.ts';
import { language, localText } from './language.ts';
import { linkAnswer, linkRequest, madeLink, runAnswer, runsAnswer, submitRequest } from './run.ts';
import { question, questionChange, questionRequest } from './question.ts';
import { changesAnswer, recallsAnswer } from './recall.ts';
import { resultPage } from './result.ts';
import { sourcesAnswer } from './source-report.ts';
import { taskDetail, taskSummary } from './task.ts';
import { uploadAnswer, uploadQuery } from './upload.ts';

/** One call of the API. Server, client, OpenAPI and tests all read this list: there is no second description. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Express form: `/api/runs/:id`. */
  path: string;
  summary: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Whether the body is a file's bytes, as `application/octet-stream`. */
  takesFile?: true;
  /** The status of success and the shape of its answer; `null` is an answer without a body. */
  status: 200 | 202 | 204;
  answer: z.ZodType | null;
}

export const demoRoles = ['manager', 'marketer', 'analyst', 'operator'] as const;
export const sessionRequest = z.union([z.strictObject({ demo: z.enum(demoRoles) }), z.strictObject({ code: z.string().min(8).max(100) })]);
export const sessionAnswer = z.strictObject({
  token: z.string(),
  expiresAt: z.string(),
  person: z.strictObject({ id: z.string(), role: z.string(), may: z.array(z.string()) }),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;

/** What the pane must know before anyone signs in. */
export const companyAnswer = z.strictObject({
  demo: z.boolean(),
  timeZone: z.string(),
  today: z.string(),
  version: z.string(),
});
export type CompanyAnswer = z.infer<typeof companyAnswer>;

/** One worksheet-function call of a batch; arguments as the sheet gives them. */
export const functionCall = z.strictObject({ name: z.enum(['RUN', 'METRIC', 'BASELINE']), arguments: z.array(z.json()).max(255) });
export const functionResult = z.union([
  z.strictObject({ values: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))) }),
  z.strictObject({ problem: z.strictObject({ code: z.string(), text: localText }) }),
]);

const runFilter = z.object({
  task: z.string().optional(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).optional(),
  search: z.string().max(100).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
const rowsQuery = z.object({
  result: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(20_000).default(1000),
});

export const operations = {
  company: { method: 'get', path: '/api/company', summary: 'What the pane needs before sign-in', status: 200, answer: companyAnswer },
  signIn: { method: 'post', path: '/api/session', summary: 'A session token for a proven identity', body: sessionRequest, status: 200, answer: sessionAnswer },
  signOut: { method: 'delete', path: '/api/session', summary: "End all of this person's sessions, on every device", status: 204, answer: null },
  tasks: { method: 'get', path: '/api/tasks', summary: 'Tasks that this person may run', status: 200, answer: z.strictObject({ tasks: z.array(taskSummary) }) },
  task: { method: 'get', path: '/api/tasks/:id', summary: 'One task with its form', status: 200, answer: taskDetail },
  favourite: { method: 'put', path: '/api/tasks/:id/favourite', summary: 'Mark or unmark a favourite', body: z.strictObject({ favourite: z.boolean() }), status: 204, answer: null },
  options: { method: 'post', path: '/api/tasks/:id/options/:field', summary: "A field's options, given the other fields' values", body: optionsRequest, status: 200, answer: optionsAnswer },
  upload: { method: 'post', path: '/api/uploads', summary: 'Give a file for a file field of a form', query: uploadQuery, takesFile: true, status: 200, answer: uploadAnswer },
  uploaded: { method: 'get', path: '/api/uploads/:id', summary: 'A file that this person has given', status: 200, answer: uploadAnswer },
  submit: { method: 'post', path: '/api/tasks/:id/runs', summary: 'Run a task', body: submitRequest, status: 202, answer: runAnswer },
  runs: { method: 'get', path: '/api/runs', summary: "This person's runs, newest first", query: runFilter, status: 200, answer: runsAnswer },
  run: { method: 'get', path: '/api/runs/:id', summary: 'One run', status: 200, answer: runAnswer },
  cancel: { method: 'post', path: '/api/runs/:id/cancel', summary: 'Stop a run, the engine included', status: 200, answer: runAnswer },
  rows: { method: 'get', path: '/api/runs/:id/rows', summary: 'A page of a result', query: rowsQuery, status: 200, answer: resultPage },
  link: { method: 'post', path: '/api/runs/:id/links', summary: "A signed address of a result's file", body: linkRequest, status: 200, answer: linkAnswer },
  links: { method: 'get', path: '/api/runs/:id/links', summary: 'Links to a run that still work', status: 200, answer: z.strictObject({ links: z.array(madeLink) }) },
  revokeLink: { method: 'delete', path: '/api/links/:id', summary: 'Revoke a link', status: 204, answer: null },
  ask: { method: 'post', path: '/api/questions', summary: 'Ask an analyst', body: questionRequest, status: 200, answer: z.strictObject({ question }) },
  questions: { method: 'get', path: '/api/questions', summary: 'Questions that this person asked, and all of them for analysts, open ones first', status: 200, answer: z.strictObject({ questions: z.array(question) }) },
  answerQuestion: { method: 'put', path: '/api/questions/:id', summary: 'Take, answer, decline a question, or say which task it became', body: questionChange, status: 200, answer: z.strictObject({ question }) },
  recalls: { method: 'get', path: '/api/recalls', summary: "This person's results that were found to be wrong and that they have not put away", status: 200, answer: recallsAnswer },
  recallSeen: { method: 'put', path: '/api/recalls/:id', summary: 'Put the notice about a recalled run away', status: 204, answer: null },
  recallsOf: { method: 'post', path: '/api/recalls/of', summary: 'Which of these runs were recalled, for tables in a workbook', body: z.strictObject({ runs: z.array(z.string()).max(500) }), status: 200, answer: recallsAnswer },
  changes: { method: 'get', path: '/api/runs/:id/changes', summary: 'What differs from an earlier run of the same task', query: z.object({ before: z.string() }), status: 200, answer: changesAnswer },
  sources: { method: 'get', path: '/api/sources', summary: 'Every source with its state, for operators', status: 200, answer: sourcesAnswer },
  alerts: { method: 'get', path: '/api/alerts', summary: 'Alerts, open ones first, and how the channels do', status: 200, answer: alertsAnswer },
  decideAlert: { method: 'post', path: '/api/alerts/:id/decisions', summary: 'Acknowledge, mute, call expected or a new normal', body: incidentDecision, status: 200, answer: z.strictObject({ incident }) },
  experiments: { method: 'get', path: '/api/experiments', summary: 'A/B tests, the latest first, found by any word of theirs', query: experimentsQuery, status: 200, answer: z.strictObject({ experiments: z.array(experimentSummary) }) },
  experiment: { method: 'get', path: '/api/experiments/:id', summary: 'One A/B test with what was decided', status: 200, answer: z.strictObject({ experiment: experimentSummary }) },
  decideExperiment: { method: 'post', path: '/api/experiments/:id/decisions', summary: 'Write down what was decided about an A/B test, and why', body: decisionRequest, status: 200, answer: z.strictObject({ experiment: experimentSummary }) },
  draws: { method: 'get', path: '/api/draws', summary: 'Draws that were held, the latest first', query: drawsQuery, status: 200, answer: z.strictObject({ draws: z.array(draw) }) },
  draw: { method: 'get', path: '/api/draws/:id', summary: 'One draw, from its frozen list to its winners', status: 200, answer: z.strictObject({ draw }) },
  holdDraw: { method: 'post', path: '/api/draws/:id/hold', summary: 'Draw the winners, once', body: holdRequest, status: 200, answer: z.strictObject({ draw }) },
  replaceWinner: { method: 'post', path: '/api/draws/:id/replacements', summary: 'Give the prize of somebody who declined to the next reserve', body: replacementRequest, status: 200, answer: z.strictObject({ draw }) },
  drawFiles: { method: 'get', path: '/api/draws/:id/files', summary: 'The protocol and the list for publication of a held draw', status: 200, answer: drawFiles },
  metrics: { method: 'get', path: '/api/metrics', summary: 'Metrics of the catalog', status: 200, answer: metricsAnswer },
  baseline: { method: 'get', path: '/api/metrics/:id/baseline', summary: "A metric's level and spread in the last weeks, for planning a test", query: baselineQuery, status: 200, answer: baselineAnswer },
  functions: { method: 'post', path: '/api/functions/batch', summary: 'Many worksheet-function calls in one request', body: z.strictObject({ calls: z.array(functionCall).min(1).max(callsAtOnce.METRIC), locale: language.optional() }), status: 200, answer: z.strictObject({ results: z.array(functionResult) }) },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
type Spec<N extends OperationName> = (typeof operations)[N];
export type AnswerOf<N extends OperationName> = Spec<N>['answer'] extends z.ZodType ? z.infer<Spec<N>['answer']> : undefined;
export type BodyOf<N extends OperationName> = Spec<N> extends { body: infer B extends z.ZodType } ? z.input<B> : undefined;
export type QueryOf<N extends OperationName> = Spec<N> extends { query: infer Q extends z.ZodType } ? z.input<Q> : undefined;
