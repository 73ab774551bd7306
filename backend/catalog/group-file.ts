import type { LocalText } from '../../shared/language.ts';
import type { CatalogFiles } from './catalog-files.ts';
import { localised } from './shapes.ts';
import type { Fault } from './task.ts';
import { entries, readYaml } from './yaml-value.ts';
import { readValue } from './yaml-shape.ts';

/** Titles of groups; `undefined` when the file is missing: groups are then called by their ids. */
export function readGroups(files: CatalogFiles, faults: Fault[]): Map<string, LocalText> | undefined {
  const source = files.texts.get('groups.yaml');
  if (source === undefined) return undefined;
  const { root, faults: found } = readYaml(source);
  const groups = new Map<string, LocalText>();
  for (const { key, value } of root === undefined ? [] : (entries(root) ?? [])) {
    const title = readValue(value, localised, key, found);
    if (title !== undefined) groups.set(key, title);
  }
  faults.push(...found);
  return groups;
}
