import { z } from 'zod';
import { localText } from './language.ts';

export const prize = z.strictObject({ title: localText, count: z.number().int() });
export type Prize = z.infer<typeof prize>;

/** Local days; `until` is the first day after. */
const period = z.strictObject({ from: z.string(), until: z.string() });

/** What a run of a task of kind `draw` came to: a list of participants that no longer changes. */
export const drawOutcome = z.strictObject({
  kind: z.literal('draw'),
  drawId: z.string(),
  period: period.nullable(),
  participants: z.number().int(),
  /** Sum of the weights: how many tickets there are. A whole number as text. */
  tickets: z.string(),
  /** SHA-256 of the participants' file for systems, in hexadecimal. */
  fingerprint: z.string(),
  /** SHA-256 of the seed, which stays secret until the draw. */
  seedHash: z.string(),
  strict: z.boolean(),
  prizes: z.array(prize),
  reserves: z.number().int(),
  /** From the rows of the last step to the participants: who was left out, in the order in which it was done. */
  funnel: z.array(z.strictObject({ text: localText, left: z.number().int() })),
});
export type DrawOutcome = z.infer<typeof drawOutcome>;

/** Why a draw asks for a reason, which is then part of its protocol. */
export const drawConcerns = ['repeated', 'notLoaded', 'loadUnknown'] as const;
export type DrawConcern = (typeof drawConcerns)[number];

const place = z.strictObject({
  /** 1, 2, 3 … in the order in which they were drawn. */
  place: z.number().int(),
  participant: z.string(),
  weight: z.string(),
  /** Number of the prize in `prizes`, from 0; `null` is a reserve. */
  prize: z.number().int().nullable(),
});
export type DrawPlace = z.infer<typeof place>;

const winner = z.strictObject({
  /** The place to which the prize belongs. */
  place: z.number().int(),
  prize: z.number().int(),
  /** Who has it now; `null` when everybody declined and no reserve is left. */
  participant: z.string().nullable(),
  masked: z.string().nullable(),
  /** Who declined before, in order. */
  declined: z.array(z.strictObject({ participant: z.string(), reason: z.string(), person: z.string(), at: z.string() })),
});
export type DrawWinner = z.infer<typeof winner>;

/** A draw, from the frozen list to the winners. */
export const draw = z.strictObject({
  id: z.string(),
  taskId: z.string(),
  title: localText,
  frozen: drawOutcome,
  frozenBy: z.string(),
  frozenAt: z.string(),
  /** Loading time of the data at the freeze. */
  dataAsOf: z.string().nullable(),
  /** Empty once it is held. */
  concerns: z.array(z.enum(drawConcerns)),
  /** Draws of the same task and period that were held before this one. */
  earlier: z.array(z.strictObject({ id: z.string(), at: z.string(), person: z.string() })),
  held: z
    .strictObject({
      at: z.string(),
      person: z.string(),
      reason: z.string().nullable(),
      publicNumber: z.string().nullable(),
      seed: z.string(),
      places: z.array(place),
      winners: z.array(winner),
      /** Reserves that are still waiting, in order. */
      reserves: z.array(z.string()),
    })
    .nullable(),
});
export type Draw = z.infer<typeof draw>;

/** A number that was published somewhere after the freeze, such as that of a lottery or a stock exchange. */
const publicNumber = z.string().trim().regex(/^[0-9A-Za-z.,-]{1,100}$/);
export const holdRequest = z.strictObject({ reason: z.string().trim().min(3).max(2000).optional(), publicNumber: publicNumber.optional() });
export const replacementRequest = z.strictObject({ participant: z.string().min(1).max(1000), reason: z.string().trim().min(3).max(2000) });
export const drawsQuery = z.object({ task: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });

/** Text files about a held draw. */
export const drawFiles = z.strictObject({ protocol: z.strictObject({ name: z.string(), text: z.string() }), publication: z.strictObject({ name: z.string(), text: z.string() }) });
