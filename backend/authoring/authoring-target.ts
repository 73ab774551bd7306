import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { openCatalog, type CatalogOptions } from '../catalog/index.ts';
import type { SharedField } from './proposal.ts';

/** The catalog that a draft is written into. */
export interface AuthoringTarget {
  directory: string;
  /** Names of sources that understand SQL. */
  sources: string[];
  /** Ids of its groups; empty when it names none, so that any may be used. */
  groups: string[];
  shared: SharedField[];
}

/** Reads what a new task may use: sources, groups and shared fields. */
export async function readAuthoringTarget(directory: string, options: CatalogOptions): Promise<AuthoringTarget> {
  const catalog = await openCatalog(directory, { ...options, watch: false });
  const isSql = (kind: string): boolean => options.sourceKinds?.find((one) => one.kind === kind)?.language !== 'yaml';
  const sources = catalog.sources().filter(({ kind }) => isSql(kind)).map(({ name }) => name);
  await catalog.close();
  const groups = z.record(z.string(), z.unknown()).safeParse(await parsed(join(directory, 'groups.yaml'))).data ?? {};
  return { directory, sources, groups: Object.keys(groups), shared: await sharedFields(join(directory, 'fields')) };
}

const writtenField = z.object({ kind: z.enum(['choice', 'choices']), scalar: z.string().optional(), options: z.unknown() });
const numberedOptions = z.array(z.object({ value: z.number().int() })).min(1);

async function sharedFields(directory: string): Promise<SharedField[]> {
  const files = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(files.map(async (file) => ({ name: file.slice(0, -'.yaml'.length), field: writtenField.safeParse(await parsed(join(directory, file))).data })));
  return read.flatMap(({ name, field }): SharedField[] => {
    if (field === undefined) return [];
    const isInteger = field.scalar === 'integer' || (field.scalar === undefined && numberedOptions.safeParse(field.options).success);
    return [{ name, kind: field.kind, scalar: isInteger ? 'integer' : 'string' }];
  });
}

/** What cannot be read is lint's to report; here it is as if it were not there. */
async function parsed(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
