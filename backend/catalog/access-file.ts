import { z } from 'zod';
import type { CatalogFiles } from './catalog-files.ts';
import { SourceText } from './source-text.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { AccessRules, Fault } from './task.ts';
import { entries, readYaml, type YamlValue } from './yaml-value.ts';
import { readKeys } from './yaml-shape.ts';

const rights = ['run', 'author', 'schedule', 'commit', 'draw', 'decide', 'personal', 'operate'] as const;
const roleShape = {
  may: z.array(z.enum(rights)),
  groups: z.union([z.literal('all'), z.array(z.string())], { error: 'write all, or a list of groups' }).default([]),
};

/** Roles and people of `access.yaml`. */
export function readAccess(files: CatalogFiles, groups: string[] | undefined, faults: Fault[]): AccessRules {
  const source = files.texts.get('access.yaml');
  const rules: AccessRules = { roles: {}, people: {} };
  if (source === undefined) {
    faults.push(new SourceText('access.yaml', '').fault(0, 'there is no access.yaml: nobody may do anything', 'make it with roles and people'));
    return rules;
  }
  const { root, faults: found } = readYaml(source);
  const { roles, people } = root === undefined ? {} : readSections(root, found);
  for (const { key, value } of roles ?? []) {
    const { may, groups: open } = readKeys(value, roleShape, `role ${key}`, found);
    if (may === undefined || open === undefined) continue;
    const unknown = open === 'all' || groups === undefined ? undefined : open.find((group) => !groups.includes(group));
    if (unknown !== undefined) found.push(source.fault(value.offset, `role ${key} opens an unknown group "${unknown}"`, suggest(unknown, groups ?? [])));
    rules.roles[key] = { may, groups: open };
  }
  for (const { key, value } of people ?? []) {
    const role = String(value.value);
    if (Object.hasOwn(rules.roles, role)) rules.people[key] = role;
    else found.push(source.fault(value.offset, `${key} has an unknown role "${role}"`, suggest(role, Object.keys(rules.roles))));
  }
  faults.push(...found);
  return rules;
}

function readSections(root: YamlValue, faults: Fault[]) {
  readKeys(root, { roles: z.record(z.string(), z.unknown()), people: z.record(z.string(), z.unknown()) }, 'access.yaml', faults);
  const section = (name: string) => entries(root)?.find(({ key }) => key === name)?.value;
  const [roles, people] = [section('roles'), section('people')];
  return { roles: roles === undefined ? [] : (entries(roles) ?? []), people: people === undefined ? [] : (entries(people) ?? []) };
}
