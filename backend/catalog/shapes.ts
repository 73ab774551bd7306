import { z } from 'zod';
import { chart, columnTypes } from '../../shared/result.ts';

export const filled = z.string().trim().min(1, 'write some text');

/** A text in both languages. */
export const localised = z.strictObject({ ru: filled, en: filled });

export const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const taskId = /^[a-z0-9][a-z0-9-]*$/;

/** A query on a source: `{ on: warehouse, sql: "SELECT …" }`. */
export const queryShape = { on: filled, sql: filled };

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600 };
const bytes: Record<string, number> = { MB: 1_000_000, GB: 1_000_000_000 };

/** `120` or `120s`, `5m`, `1h`. */
const duration = z
  .union([z.number(), z.string()], { error: 'write seconds (120), or 120s, 5m, 1h' })
  .transform((written, context) => {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([smh]?)$/.exec(String(written)) ?? [];
    const value = Number(number) * (seconds[unit] ?? 1);
    if (number !== '' && value > 0) return value;
    context.issues.push({ code: 'custom', input: written, message: 'write seconds (120), or 120s, 5m, 1h' });
    return z.NEVER;
  });

/** `500MB`, `4GB`. */
const size = z.union([z.string(), z.number()], { error: 'write 500MB or 4GB' }).transform((written, context) => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(MB|GB)$/.exec(String(written)) ?? [];
  const value = Math.round(Number(number) * (bytes[unit] ?? 0));
  if (value > 0) return value;
  context.issues.push({ code: 'custom', input: written, message: 'write 500MB or 4GB' });
  return z.NEVER;
});

export const wholeNumber = z.number().int('a whole number is needed').min(0, 'not below 0');
const names = z.union([z.string(), z.array(z.string())], { error: 'write a name or a list of names' }).transform((written) => [written].flat());

const address = z.string({ error: 'write addresses: [maria@company.example]' }).trim().regex(/^\S+@\S+$/, 'write an address, such as maria@company.example');
const people = z.union([address, z.array(address)]).transform((written) => [written].flat());

/** Keys of a column that the header titles. */
export const columnShape = { title: localised, type: z.enum(columnTypes).optional(), personal: z.boolean().optional() };

export const limitsShape = { time: duration.optional(), rows: wholeNumber.optional(), memory: size.optional() };

export const chartShape = { kind: chart.shape.kind, x: filled, y: names.refine((columns) => columns.length > 0, 'name a column'), result: filled.optional() };

export const exampleShape = { values: z.unknown(), expect: z.strictObject({ rows: wholeNumber.optional(), rowsAtLeast: wholeNumber.optional(), rowsAtMost: wholeNumber.optional(), columns: z.array(filled).optional() }).default({}) };

/** `2%`, or a share such as `0.02`. */
export const share = z.union([z.number(), z.string()], { error: 'write 2% or 0.02' }).transform((written, context) => {
  const [, number = '', sign = ''] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(written)) ?? [];
  const value = Number(number) / (sign === '%' ? 100 : 1);
  if (number !== '' && value > 0 && value < 1) return value;
  context.issues.push({ code: 'custom', input: written, message: 'write 2% or 0.02, above 0 and below 100%' });
  return z.NEVER;
});

/** `14d`, in days. */
export const days = z.string({ error: 'write days: 14d' }).transform((written, context) => {
  const [, number = ''] = /^(\d{1,3})d$/.exec(written) ?? [];
  if (Number(number) > 0) return Number(number);
  context.issues.push({ code: 'custom', input: written, message: 'write days: 14d' });
  return z.NEVER;
});

/** Keys of a metric's header. */
export const metricShape = {
  title: localised,
  description: localised.optional(),
  owner: filled.optional(),
  type: z.enum(['share', 'mean', 'ratio', 'count']),
  good: z.enum(['up', 'down']),
  guardrail: z.boolean().optional(),
  margin: share.optional(),
  window: days.optional(),
  unit: localised.optional(),
};

/** Keys of a task's header. Those that are `unknown` here hold smaller shapes and are read by their own files. */
export const headerShape = {
  kind: z.string().default('query'),
  title: localised,
  description: localised,
  group: filled,
  owner: filled,
  status: z.enum(['draft', 'published', 'retired']).default('draft'),
  testers: people.optional(),
  replacedBy: filled.optional(),
  was: names.optional(),
  file: z.union([filled, localised], { error: 'write a pattern such as "Cards {{partner}}", or { ru: …, en: … }' }).optional(),
  form: z.unknown(),
  columns: z.unknown(),
  results: z.unknown(),
  fresh: z.unknown(),
  needs: z.literal('complete').optional(),
  chart: z.unknown(),
  limits: z.unknown(),
  examples: z.unknown(),
  changes: z.array(filled).optional(),
  saves: z.number().positive('minutes above 0').optional(),
};
