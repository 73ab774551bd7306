import type { FormValues } from '../../shared/form.ts';
import type { Field } from '../catalog/task.ts';

/**
 * Names of the fields that are shown. A field whose condition looks at a hidden field is hidden too; a toggle that was
 * never touched says no.
 */
export function shownFields(fields: readonly Field[], values: FormValues): Set<string> {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const known = new Map<string, boolean>();
  const isShown = (field: Field): boolean => {
    const before = known.get(field.name);
    if (before !== undefined) return before;
    known.set(field.name, false);
    const shown = field.visibleWhen === undefined || conditionHolds(field.visibleWhen);
    known.set(field.name, shown);
    return shown;
  };
  const conditionHolds = ({ field: name, is }: NonNullable<Field['visibleWhen']>): boolean => {
    const other = byName.get(name);
    if (other === undefined || !isShown(other)) return false;
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const value = given ?? (other.kind === 'toggle' ? false : undefined);
    const written = (Array.isArray(value) ? value : [value]).map(String);
    return is.some((wanted) => written.includes(String(wanted)));
  };
  return new Set(fields.filter(isShown).map(({ name }) => name));
}
