import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { BoundStep } from './source.ts';

/** Begins the text that stands for a bound value. The same in every process: steps are bound in one and run in another. */
const tokenHead = 'tasksheet-value-7f3a9c51-';
const token = new RegExp(`${tokenHead}([A-Za-z0-9_]+)\\.`, 'g');

/** What stands in a YAML body for a bound value. */
export function yamlPlaceholder(name: string): string {
  return `${tokenHead}${name}.`;
}

/** Says in both languages what a key of a body takes. */
export function takes<T extends z.ZodType>(schema: T, expected: LocalText): T {
  return schema.meta({ expected }) as T;
}

/** Bodies that a source knows, each by the key that tells it from the others. */
export type StepShapes = Record<string, z.ZodObject>;
export type StepBody<S extends StepShapes> = { [K in keyof S & string]: { kind: K; body: z.output<S[K]> } }[keyof S & string];

/** Reads the body of a step: plain YAML whose values are text, with bound values put in where their placeholders stand. */
export function readYamlStep<S extends StepShapes>(step: Pick<BoundStep, 'sql' | 'parameters'>, shapes: S): StepBody<S> {
  const body = withValues(plainBody(step.sql), step.parameters);
  const kinds = Object.keys(shapes);
  const named = kinds.filter((kind) => Object.hasOwn(body, kind));
  const kind = named[0];
  const shape = kind === undefined ? undefined : shapes[kind];
  if (kind === undefined || shape === undefined || named.length > 1) throw refused({ ru: `В шаге должен быть один из ключей: ${kinds.join(', ')}.`, en: `The step needs one of the keys: ${kinds.join(', ')}.` });
  const read = shape.safeParse(body);
  if (!read.success) throw refused(faultWords(read.error.issues[0], shape));
  return { kind, body: read.data } as StepBody<S>;
}

function refused(text: LocalText, cause?: unknown): Problem {
  return new Problem('query_refused', text, { cause });
}

function plainBody(text: string): Record<string, unknown> {
  // Every scalar stays text: an id such as 12e4567 is no number.
  const document = parseDocument(text, { schema: 'failsafe', strict: true, uniqueKeys: true, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw refused({ ru: `Строка ${line} шага — не YAML. Напишите, например: cohort: {{cohort}}`, en: `Line ${line} of the step is not YAML. Write, for example: cohort: {{cohort}}` }, new Error(error.code));
  }
  let read: unknown;
  try {
    read = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw refused({ ru: 'Ссылки YAML (& и *) в шаге не нужны: напишите значения прямо.', en: 'Aliases of YAML (& and *) have no place in a step: write the values out.' }, cause);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw refused({ ru: 'Шаг состоит из строк «ключ: значение», например: cohort: {{cohort}}', en: 'A step is made of lines “key: value”, such as: cohort: {{cohort}}' });
  return read as Record<string, unknown>;
}

function withValues(body: Record<string, unknown>, parameters: Record<string, BoundValue>): Record<string, unknown> {
  const put = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.flatMap((one: unknown) => put(one));
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [plainKey(key), put(one)]));
    return typeof value === 'string' ? boundIn(value, parameters) : value;
  };
  return put(body) as Record<string, unknown>;
}

function plainKey(key: string): string {
  if (key.includes(tokenHead)) throw refused({ ru: 'Поле {{…}} может быть только значением, не ключом.', en: 'A field {{…}} can be a value only, not a key.' });
  return key;
}

function boundIn(text: string, parameters: Record<string, BoundValue>): unknown {
  const found = [...text.matchAll(token)];
  if (found.length === 0) return text;
  const [first] = found;
  if (found.length > 1 || first === undefined || first[0] !== text)
    throw refused({ ru: 'Поле {{…}} стоит в шаге само по себе: без кавычек, слов и других полей рядом.', en: 'A field {{…}} stands by itself in a step: without quotes, words or other fields beside it.' });
  const bound = parameters[first[1] ?? ''];
  if (bound === undefined) throw new Problem('internal', { ru: 'Значение поля потерялось по пути к источнику.', en: "A field's value was lost on its way to the source." });
  return bound.value;
}

function faultWords(issue: z.core.$ZodIssue | undefined, shape: z.ZodObject): LocalText {
  const keys = Object.keys(shape.shape).join(', ');
  if (issue?.code === 'unrecognized_keys') {
    const extra = issue.keys.join(', ');
    return { ru: `Ключ «${extra}» этому шагу не знаком. Можно: ${keys}.`, en: `The step has an unknown key “${extra}”. There are: ${keys}.` };
  }
  const key = String(issue?.path[0] ?? '');
  const schema: unknown = shape.shape[key];
  const expected = schema instanceof z.ZodType ? expectedOf(schema) : undefined;
  return { ru: `«${key}»: ${expected?.ru ?? 'значение не подходит'}.`, en: `“${key}”: ${expected?.en ?? 'the value does not fit'}.` };
}

function expectedOf(schema: z.ZodType): LocalText | undefined {
  const expected = schema.meta()?.['expected'] as LocalText | undefined;
  if (expected !== undefined) return expected;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? expectedOf(schema.unwrap() as z.ZodType) : undefined;
}
