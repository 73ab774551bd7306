import { z } from 'zod';
import { isSecret } from '../sources/secret.ts';
import type { TemplateLanguage } from '../template/index.ts';
import type { CatalogFiles } from './catalog-files.ts';
import { identifier } from './shapes.ts';
import { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault, SourceSettings } from './task.ts';
import { entries, readYaml, type YamlValue } from './yaml-value.ts';

export interface SourceRules {
  /** Sources that exist without being written here, with the language of their steps. */
  builtIn: ReadonlyMap<string, TemplateLanguage>;
  /** Kinds of sources that this backend can open; any kind passes when absent. */
  kinds?: KnownKind[];
}

/** What the catalog needs to know of a kind of source. */
export interface KnownKind {
  kind: string;
  language: TemplateLanguage;
  settings: z.ZodType;
}

/** The language of the steps of every source, by name. */
export function sourceLanguages({ builtIn, kinds }: SourceRules, sources: SourceSettings[]): Map<string, TemplateLanguage> {
  const written = sources.map(({ name, kind }) => [name, kinds?.find((one) => one.kind === kind)?.language ?? 'sql'] as const);
  return new Map([...builtIn, ...written]);
}

/** Sources of `sources.yaml`. Settings stay as written, `${NAME}` of secrets included: they are put in when the source is opened. */
export function readSources(files: CatalogFiles, { builtIn, kinds }: SourceRules, faults: Fault[]): SourceSettings[] {
  const source = files.texts.get('sources.yaml');
  if (source === undefined) {
    faults.push(new SourceText('sources.yaml', '').fault(0, 'there is no sources.yaml', 'make it: warehouse: { kind: workbench, database: wallet }'));
    return [];
  }
  const { root, faults: found } = readYaml(source);
  const pairs = root === undefined ? [] : entries(root);
  if (pairs === null) found.push(source.fault(0, 'sources.yaml has no sources', 'write them by name: warehouse: { kind: workbench, database: wallet }'));
  const sources = (pairs ?? []).flatMap(({ key, keyOffset, value }) => {
    if (!identifier.test(key)) found.push(source.fault(keyOffset, `"${key}" can't be the name of a source`, 'use latin letters, digits and _'));
    if (builtIn.has(key)) found.push(source.fault(keyOffset, `the source ${key} is built in`, 'choose another name'));
    const all = entries(value);
    const kind = all === null ? undefined : String(all.find((entry) => entry.key === 'kind')?.value.value ?? '');
    if (kind === undefined || kind === '') found.push(source.fault(value.offset, `source ${key} has no kind`, 'add kind: …'));
    const known = kinds?.find((one) => one.kind === kind);
    if (kind !== undefined && kind !== '' && kinds !== undefined && known === undefined)
      found.push(source.fault(value.offset, `source ${key} has an unknown kind "${kind}"`, suggest(kind, kinds.map((one) => one.kind))));
    if (known?.settings instanceof z.ZodObject) checkSettingNames(key, value, known.settings, found);
    const settings = Object.fromEntries((all ?? []).filter((entry) => entry.key !== 'kind').map((entry) => [entry.key, entry.value.value]));
    const isUsable = kind !== undefined && kind !== '' && identifier.test(key) && !builtIn.has(key);
    return isUsable ? [{ name: key, kind, settings }] : [];
  });
  faults.push(...found);
  return sources;
}

function checkSettingNames(name: string, value: YamlValue, settings: z.ZodObject, faults: Fault[]): void {
  const known = ['kind', ...Object.keys(settings.shape)];
  for (const { key, keyOffset, value: set } of entries(value) ?? [])
    if (isSecret(settings.shape[key]) && typeof set.value === 'string' && !/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(set.value))
      faults.push(set.source.fault(set.offset, `source ${name} holds its ${key} in plain text`, `write "\${${name.toUpperCase()}_${key.toUpperCase()}}", give it to the server's environment by that name, and change it: it stands in the catalog's history`));
    else if (!known.includes(key)) faults.push(value.source.fault(keyOffset, `source ${name} has no setting "${key}"`, suggest(key, known)));
}
