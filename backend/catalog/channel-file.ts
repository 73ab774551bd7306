import { z } from 'zod';
import { language } from '../../shared/language.ts';
import { suggest } from '../../shared/suggestion.ts';
import { isSecret } from '../sources/secret.ts';
import type { CatalogFiles } from './catalog-files.ts';
import { identifier } from './shapes.ts';
import type { ChannelSettings, Fault } from './task.ts';
import { readEntries } from './yaml-shape.ts';
import { entries, readYaml, type YamlEntry } from './yaml-value.ts';

/** What the catalog needs to know of a kind of channel. */
export interface KnownChannelKind {
  kind: string;
  settings: z.ZodObject;
}

/** What every channel may say, whatever its kind. */
const common = {
  language: language.default('ru'),
  messagesPerDay: z.number().int().min(0).max(1000).default(5),
  digestAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write it as "09:00"').default('09:00'),
};
const reference = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Channels of `channels.yaml`, the first one being where news without a channel goes. None when the file is not there. Secrets stay `${NAME}`. */
export function readChannels(files: CatalogFiles, kinds: readonly KnownChannelKind[] | undefined, faults: Fault[]): ChannelSettings[] {
  const source = files.texts.get('channels.yaml');
  if (source === undefined) return [];
  const { root, faults: found } = readYaml(source);
  faults.push(...found);
  const pairs = root === undefined ? [] : entries(root);
  if (pairs === null) faults.push(source.fault(0, 'channels.yaml has no channels', 'write them by name: analysts: { kind: slack, webhook: "${SLACK_WEBHOOK}" }'));
  return (pairs ?? []).flatMap((pair) => readChannel(pair, kinds, faults));
}

function readChannel({ key, keyOffset, value }: YamlEntry, kinds: readonly KnownChannelKind[] | undefined, faults: Fault[]): ChannelSettings[] {
  const fault = (message: string, advice: string, offset = keyOffset): [] => {
    faults.push(value.source.fault(offset, message, advice));
    return [];
  };
  if (!identifier.test(key)) return fault(`"${key}" can't be the name of a channel`, 'use latin letters, digits and _');
  const pairs = entries(value);
  const kind = String(pairs?.find((pair) => pair.key === 'kind')?.value.value ?? '');
  if (pairs === null || kind === '') return fault(`channel ${key} has no kind`, 'add kind: slack');
  const known = kinds?.find((one) => one.kind === kind);
  if (kinds !== undefined && known === undefined) return fault(`channel ${key} has an unknown kind "${kind}"`, suggest(kind, kinds.map((one) => one.kind)));
  const plain = pairs.find((pair) => isSecret(known?.settings.shape[pair.key]) && typeof pair.value.value === 'string' && !reference.test(pair.value.value));
  if (plain !== undefined)
    return fault(`channel ${key} holds its ${plain.key} in plain text`, `write "\${${key.toUpperCase()}_${plain.key.toUpperCase()}}", give it to the server's environment by that name, and make a new one: this one stands in the catalog's history`, plain.value.offset);
  const { language: spoken, messagesPerDay, digestAt, ...settings } = readEntries(pairs.filter((pair) => pair.key !== 'kind'), value, { shape: { ...common, ...(known?.settings.shape as Record<string, z.ZodType>) }, what: `channel ${key}`, faults });
  if (spoken === undefined || messagesPerDay === undefined || digestAt === undefined) return [];
  return [{ name: key, kind, language: spoken, messagesPerDay, digestAt, settings }];
}
