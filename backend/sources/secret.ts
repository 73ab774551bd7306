import { z } from 'zod';

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A setting that is never shown or logged, and that the catalog may hold only as `${ENV_NAME}`. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ secret: true });
}

/** Whether a setting's schema, optional or not, was made by `secret()`. */
export function isSecret(schema: unknown): boolean {
  if (!(schema instanceof z.ZodType)) return false;
  if (schema.meta()?.['secret'] === true) return true;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? isSecret(schema.unwrap()) : false;
}

/** Names of the environment that a settings value refers to, at any depth. */
export function environmentNames(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(reference)].map(([, name]) => name ?? '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(environmentNames);
}

/** The settings with `${NAME}` replaced. A name that is not there must have been refused before. */
export function withEnvironment(value: unknown, environment: Record<string, string | undefined>): unknown {
  if (typeof value === 'string') return value.replace(reference, (_all, name: string) => environment[name] ?? '');
  if (Array.isArray(value)) return value.map((one) => withEnvironment(one, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withEnvironment(one, environment)]));
}
