import type { BoundParts } from '../../shared/fields/field-kind.ts';

/** Names after the dot that exist for some kind of field. */
export const partNames: (keyof BoundParts)[] = ['from', 'until', 'start', 'end'];

export const fieldName = /^[a-z][A-Za-z0-9_]*$/;

/** Reads `{{ name }}` or `{{ name.part }}`, or says what is wrong with it. */
export function readReference(written: string): { name: string; part: keyof BoundParts } | { message: string; advice: string } {
  const inner = written.slice(2, -2).trim();
  const [name = '', part, ...rest] = inner.split('.').map((piece) => piece.trim());
  if (inner === '') return { message: '{{ }} without a name', advice: 'write the name of a field of the form: {{name}}' };
  if (rest.length > 0 || !fieldName.test(name))
    return { message: `{{${inner}}} is not a field`, advice: 'write {{name}} or {{name.part}}: nothing else can stand between the braces' };
  if (part === undefined) return { name, part: '' };
  const known = partNames.find((one) => one === part);
  return known === undefined
    ? { message: `{{${inner}}} has no part "${part}"`, advice: `the parts are ${partNames.map((one) => `{{${name}.${one}}}`).join(', ')}` }
    : { name, part: known };
}
