import { z } from 'zod';
import { localText } from './language.ts';

/** A question to an analyst: from a search without a hit, or about a result (`runId`). */
export const questionRequest = z.strictObject({
  text: z.string().min(1).max(4000),
  forWhat: z.string().max(1000).optional(),
  byWhen: z.string().max(100).optional(),
  runId: z.string().optional(),
  taskId: z.string().optional(),
});

/** `done` was made or answered by hand; `became_task`: from now on anyone gets it by themselves. */
export const questionStates = ['new', 'taken', 'done', 'declined', 'became_task'] as const;
export const questionState = z.enum(questionStates);
export type QuestionState = z.infer<typeof questionState>;

export const question = z.strictObject({
  id: z.string(),
  text: z.string(),
  forWhat: z.string().nullable(),
  byWhen: z.string().nullable(),
  /** The run that it is about; analysts may open it. */
  runId: z.string().nullable(),
  runNumber: z.string().nullable(),
  taskId: z.string().nullable(),
  askedBy: z.string(),
  owner: z.string().nullable(),
  state: questionState,
  takenBy: z.string().nullable(),
  answer: z.string().nullable(),
  answeredBy: z.string().nullable(),
  /** The task that it became. */
  becameTask: z.strictObject({ id: z.string(), title: localText }).nullable(),
  createdAt: z.string(),
});
export type Question = z.infer<typeof question>;

/** What an analyst does with a question. */
export const questionChange = z.discriminatedUnion('state', [
  /** Back to everyone. */
  z.strictObject({ state: z.literal('new') }),
  z.strictObject({ state: z.literal('taken') }),
  z.strictObject({ state: z.literal('done'), answer: z.string().min(1).max(4000) }),
  z.strictObject({ state: z.literal('declined'), answer: z.string().max(4000) }),
  z.strictObject({ state: z.literal('became_task'), task: z.string().min(1).max(200), answer: z.string().max(4000).optional() }),
]);
export type QuestionChange = z.infer<typeof questionChange>;
