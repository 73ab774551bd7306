import { z } from 'zod';
import { isoDate } from '../../shared/relative-period.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { LocalText } from '../../shared/language.ts';
import type { CatalogKind, ReadSection, SectionParts } from '../catalog/kind.ts';
import { days, identifier, localised, share, wholeNumber } from '../catalog/shapes.ts';
import { readKeys } from '../catalog/yaml-shape.ts';
import { at, entries, type YamlValue } from '../catalog/yaml-value.ts';

/** Read out with every test, unless the section says `baseline: false`. */
export const baselineMetrics = ['active_days', 'card_issues', 'unsubscribes', 'support_contacts'] as const;

/** The section `experiment:` of a task, as the catalog keeps it. */
export interface ExperimentSection {
  hypothesis: LocalText;
  /** Control first. Shares sum up to 1; a group of share 0 must stay empty. */
  groups: { name: string; share: number }[];
  target: string;
  /** Ids besides the target. */
  metrics: string[];
  planned: { users?: number; until?: string };
  /** Columns of the assignments. */
  segments: string[];
  /** Days before entry that are compared too, to take the noise of habits out; 0 for none. */
  beforeDays: number;
  /** The column that tells since when a user is known. */
  knownSince?: string;
}

const ids = z.array(z.string());
const columns = z.array(z.string().regex(identifier, 'a column: latin letters, digits and _')).max(10, 'at most 10 segments');
const groupShare = z.union([z.literal(0), share], { error: 'write a share: 50% or 0.5' });

const shape = {
  hypothesis: localised,
  groups: z.record(z.string(), groupShare),
  control: z.string().optional(),
  target: z.string(),
  metrics: ids.optional(),
  baseline: z.boolean().optional(),
  planned: z.strictObject({ users: wholeNumber.min(1, 'above 0').optional(), until: isoDate.optional() }),
  segments: columns.optional(),
  before: z.union([z.literal('off'), days], { error: 'write days: 14d, or off' }).optional(),
  knownSince: z.string().regex(identifier, 'a column: latin letters, digits and _').optional(),
};

type Written = ReturnType<typeof readKeys<typeof shape>>;

/** What a label of a group is compared by: analysts' logs differ in case and blanks. */
export function plainLabel(label: string): string {
  return label.trim().toLowerCase();
}

/** Reads the section of a task of kind `experiment`. */
export const experimentCatalogKind: CatalogKind = { kind: 'experiment', read: readSection };

function readSection(section: YamlValue | undefined, parts: SectionParts): ReadSection {
  const nothing: ReadSection = { section: null, fields: [], uses: [] };
  if (section === undefined) {
    parts.faults.push(parts.source.fault(0, 'a task of kind experiment has no section "experiment"', 'add experiment: { hypothesis: …, groups: { control: 50%, … }, target: …, planned: { users: …, until: … } }'));
    return nothing;
  }
  const before = parts.faults.length;
  const written = readKeys(section, shape, 'experiment', parts.faults);
  const place = (key: string): YamlValue => at(section, [key]);
  const groups = readGroups(written, place, parts);
  const metrics = readMetricIds(written, place, parts);
  checkPlan(written, place, parts);
  if (parts.faults.length > before || groups === undefined || written.hypothesis === undefined || written.target === undefined || written.planned === undefined) return nothing;
  const read: ExperimentSection = {
    hypothesis: written.hypothesis,
    groups,
    target: written.target,
    metrics,
    planned: written.planned,
    segments: [...new Set(written.segments ?? [])],
    beforeDays: written.before === 'off' ? 0 : (written.before ?? 14),
    ...(written.knownSince === undefined ? {} : { knownSince: written.knownSince }),
  };
  return { section: read, fields: [], uses: [read.target, ...metrics].map((id) => `metrics/${id}.sql`) };
}

function readGroups({ groups, control }: Written, place: (key: string) => YamlValue, { faults }: SectionParts): ExperimentSection['groups'] | undefined {
  if (groups === undefined) return undefined;
  const of = place('groups');
  const fault = (offset: number, message: string, advice: string): void => void faults.push(of.source.fault(offset, message, advice));
  const names = Object.keys(groups);
  const taken = new Set<string>();
  for (const { key, keyOffset } of entries(of) ?? []) {
    if (plainLabel(key) === '') fault(keyOffset, 'a group without a name', 'name it as in the data: control');
    else if (taken.has(plainLabel(key))) fault(keyOffset, `two groups are called "${key}" but for case and blanks`, 'keep one of them');
    taken.add(plainLabel(key));
  }
  const whole = Object.values(groups).reduce((sum, part) => sum + part, 0);
  if (Object.values(groups).filter((part) => part > 0).length < 2) fault(of.offset, `groups are ${names.join(', ') || 'empty'}`, 'two groups with shares above 0 are needed: { control: 50%, hints: 50% }');
  else if (Math.abs(whole - 1) > 0.0015) fault(of.offset, `the shares of the groups sum up to ${Number((whole * 100).toFixed(2))}%`, 'let them sum up to 100%: thirds are 33.3%, 33.3%, 33.4%');
  const first = control ?? names.find((name) => plainLabel(name) === 'control') ?? names[0];
  if (first === undefined) return undefined;
  if (!names.includes(first)) fault(place('control').offset, `there is no group "${first}"`, suggest(first, names));
  else if (groups[first] === 0) fault(of.offset, `control has a share of 0`, 'give it users, or name another control: …');
  return [first, ...names.filter((name) => name !== first)].map((name) => ({ name, share: (groups[name] ?? 0) / whole }));
}

function readMetricIds({ target, metrics, baseline }: Written, place: (key: string) => YamlValue, parts: SectionParts): string[] {
  const check = (id: string, of: YamlValue): void => {
    const metric = parts.metrics.get(id);
    if (metric === undefined) parts.faults.push(of.source.fault(of.offset, `there is no metric "${id}"`, suggest(id, [...parts.metrics.keys()])));
    else if (metric === null) parts.faults.push(of.source.fault(of.offset, `the metric "${id}" has faults`, `mend metrics/${id}.sql`));
  };
  if (target !== undefined) check(target, place('target'));
  metrics?.forEach((id, index) => check(id, at(place('metrics'), [index])));
  const usual = baseline === false ? [] : baselineMetrics.filter((id) => parts.metrics.get(id));
  return [...new Set([...(metrics ?? []), ...usual])].filter((id) => id !== target);
}

function checkPlan({ planned }: Written, place: (key: string) => YamlValue, { faults }: SectionParts): void {
  const of = place('planned');
  if (planned !== undefined && planned.users === undefined && planned.until === undefined)
    faults.push(of.source.fault(of.offset, 'planned is empty', 'write when the test ends: { users: 40000, until: 2026-12-01 }; a test without an end can be stopped on a lucky day'));
}
