import { z } from 'zod';
import { fileColumnTypes } from './fields/file.ts';
import { localText } from './language.ts';

/** How a file was found to be written. */
export const writtenAs = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('csv'), encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1251']), delimiter: z.string() }),
  z.strictObject({ format: z.literal('xlsx'), sheet: z.string() }),
]);
export type WrittenAs = z.infer<typeof writtenAs>;

/** A person's file as it was understood: shown in the form before anything runs. */
export const uploadView = z.strictObject({
  id: z.string(),
  name: z.string(),
  rows: z.number().int(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.enum(fileColumnTypes) })),
  /** The first five rows, as written. */
  firstRows: z.array(z.array(z.string())),
  writtenAs,
  /** What was mended while reading. */
  notices: z.array(localText),
  /** Until when it can be used, ISO 8601; each use puts that off. */
  expiresAt: z.string(),
});
export type UploadView = z.infer<typeof uploadView>;

export const uploadQuery = z.object({ name: z.string().min(1).max(255) });
export const uploadAnswer = z.strictObject({ upload: uploadView });
