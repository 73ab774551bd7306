import { filesIn, type CatalogFiles } from './catalog-files.ts';
import { readField } from './field.ts';
import type { SharedFields } from './form.ts';
import type { Names } from './query-text.ts';
import type { SourceText } from './source-text.ts';
import type { Fault } from './task.ts';
import { entries, readYaml, type YamlValue } from './yaml-value.ts';
import { shown } from './yaml-shape.ts';

/** Fields of `fields/*.yaml`; which other fields their queries use is checked in each task. */
export function readSharedFields(files: CatalogFiles, names: Names, faults: Fault[]): SharedFields {
  return new Map(filesIn(files, 'fields', '.yaml').map(([name, source]) => [name, readSharedField(name, source, names, faults)]));
}

function readSharedField(name: string, source: SourceText, names: Names, faults: Fault[]): YamlValue | null {
  const { root, faults: found } = readYaml(source);
  const pairs = root === undefined ? null : entries(root);
  if (root !== undefined && pairs === null) found.push(source.fault(0, `the field is ${shown(root.value)}`, 'write kind: … and label: { ru: …, en: … }'));
  const use = pairs?.find(({ key }) => key === 'use');
  if (use !== undefined) found.push(source.fault(use.keyOffset, 'a shared field uses another one', 'write its keys here'));
  if (root !== undefined && pairs !== null) readField(name, pairs, root, { names, faults: found });
  faults.push(...found);
  return root === undefined || found.length > 0 ? null : root;
}
