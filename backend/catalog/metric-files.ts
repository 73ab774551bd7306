import { createHash } from 'node:crypto';
import { sameText } from '../../shared/language.ts';
import { filesIn, type CatalogFiles } from './catalog-files.ts';
import type { Names } from './query-text.ts';
import { identifier, metricShape } from './shapes.ts';
import type { SourceText } from './source-text.ts';
import type { Fault, Metric } from './task.ts';
import { readSteps } from './task-steps.ts';
import { readTaskText } from './task-text.ts';
import { readKeys, type Read } from './yaml-shape.ts';
import { readYaml } from './yaml-value.ts';

/** Metrics of `metrics/*.sql` by id; `null` has faults. */
export function readMetrics(files: CatalogFiles, names: Names, faults: Fault[]): Map<string, Metric | null> {
  return new Map(filesIn(files, 'metrics', '.sql').map(([id, source]) => [id, readMetric(id, source, { names, texts: files.texts, faults })]));
}

interface MetricParts {
  names: Names;
  texts: CatalogFiles['texts'];
  faults: Fault[];
}

function readMetric(id: string, source: SourceText, { names, texts, faults }: MetricParts): Metric | null {
  const own: Fault[] = [];
  if (!identifier.test(id)) own.push(source.fault(0, `"${id}" can't be the name of a metric`, 'name the file with latin letters, digits and _: card_issues.sql'));
  const text = readTaskText(source, own);
  const header = readHeader(source, text.header, own);
  const { steps } = readSteps(text.steps, { source, form: { fields: new Map(), shared: [] }, names, texts, faults: own });
  const field = steps.flatMap(({ template }) => template.fields)[0];
  if (field !== undefined) own.push(source.fault(Math.max(0, source.text.indexOf('{{')), `a metric uses {{${field}}}`, 'a metric has no form: whoever reads it cuts its facts by time and dimensions'));
  faults.push(...own);
  const { title, type, good, description, owner, unit } = header;
  if (own.some(({ warning }) => warning !== true) || title === undefined || type === undefined || good === undefined) return null;
  return {
    id,
    version: createHash('sha256').update(source.text).digest('hex').slice(0, 12),
    title,
    description: description ?? sameText(''),
    owner: owner ?? '',
    type,
    good,
    guardrail: header.guardrail ?? false,
    margin: header.margin ?? 0.01,
    windowDays: header.window ?? 14,
    unit: unit ?? sameText(''),
    steps,
  };
}

function readHeader(source: SourceText, place: { start: number; end: number } | undefined, faults: Fault[]): Read<typeof metricShape> {
  if (place === undefined) return {};
  const { root, faults: found } = readYaml(source, place.start, place.end);
  faults.push(...found);
  return root === undefined ? {} : readKeys(root, metricShape, 'the header', faults);
}
