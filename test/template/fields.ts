import { fieldKindOf } from '../../shared/fields/index.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { Field, RenderInput } from '../../backend/catalog/task.ts';
import { parseTemplate, renderTemplate } from '../../backend/template/index.ts';

export function field(name: string, kind: Field['kind'], more: Partial<Field> = {}): Field {
  const settings = fieldKindOf(kind).settings.parse(more.settings ?? {});
  return { name, kind, label: { ru: `Поле ${name}`, en: `Field ${name}` }, required: true, searchesItself: false, dependsOn: [], ...more, settings };
}

const scalarTypes: Record<BoundValue['scalar'], string> = { string: 'String', integer: 'Int64', decimal: 'Decimal(38, 12)', boolean: 'Bool', date: 'Date32', instant: "DateTime64(3, 'UTC')" };

/** ClickHouse's placeholders, written for the test. */
export function placeholder(name: string, value: BoundValue): string {
  const type = scalarTypes[value.scalar];
  return `{${name}:${Array.isArray(value.value) ? `Array(${type})` : type}}`;
}

export function render(sql: string, fields: Field[], values: RenderInput['values'], more: Partial<RenderInput> = {}) {
  const { template, faults } = parseTemplate(sql);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return renderTemplate(template, { fields, values, context: { zone: 'Europe/Moscow', today: '2026-11-22' }, placeholder, step: (name) => `t_${name}`, ...more });
}
