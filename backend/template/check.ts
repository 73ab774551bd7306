import { fieldKindOf } from '../../shared/fields/index.ts';
import type { Field, Template, TemplatePart } from '../catalog/task.ts';
import type { TemplateFault } from './parse.ts';
import { searchName } from './render.ts';

type FieldPart = TemplatePart & { kind: 'field' };

/** What a template may read. A field that is `null` has faults of its own: only its name counts. */
export interface TemplateScope {
  fields: ReadonlyMap<string, Field | null>;
  /** Whether `{{search}}` may stand here. */
  search: boolean;
  /** Whether a field that a person may leave empty is refused outside `[[ … ]]`. */
  refuseEmpty: boolean;
  /** Whether files, which are tables, may stand here: in steps alone. */
  tables?: boolean;
  /** Words that propose what a misspelt name may have meant. */
  suggest: (name: string, known: string[]) => string;
}

/** Mistakes of a template against the form that it is filled from. Views are checked on their own. */
export function checkTemplate(template: Template, scope: TemplateScope): TemplateFault[] {
  const check = (parts: TemplatePart[], optional: boolean): TemplateFault[] =>
    parts.flatMap((part) => {
      if (part.kind === 'optional') return check(part.parts, true);
      if (part.kind !== 'field') return [];
      const fault = fieldFault(part, scope, optional);
      return fault === null ? [] : [{ offset: part.offset, ...fault }];
    });
  return check(template.parts, false);
}

type Words = Omit<TemplateFault, 'offset'>;

function fieldFault(part: FieldPart, scope: TemplateScope, optional: boolean): Words | null {
  const field = scope.fields.get(part.name);
  if (field === null) return null;
  if (field !== undefined) return partFault(part, field) ?? (field.kind === 'file' ? tableFault(part, scope) : null) ?? (scope.refuseEmpty && !optional ? emptyFault(field) : null);
  if (part.name !== searchName)
    return { message: `the form has no field "${part.name}"`, advice: scope.suggest(part.name, [...scope.fields.keys()]) };
  if (!scope.search) return { message: '{{search}} outside the options of a field', advice: 'it is what a person types to find an option: use it in "options: { on, sql }"' };
  return part.part === '' ? null : { message: `{{search.${part.part}}} is not there`, advice: 'write {{search}}' };
}

function partFault({ name, part, afterIn }: FieldPart, field: Field): Words | null {
  const kind = fieldKindOf(field.kind);
  const withSql = field.options?.some(({ sql }) => sql !== undefined) ?? false;
  if (!kind.parts.includes(part)) {
    const shown = part === '' ? `{{${name}}}` : `{{${name}.${part}}}`;
    return { message: `${shown}: a field of kind ${field.kind} has no such part`, advice: `write ${partsInWords(name, kind.parts)}` };
  }
  const isList = field.kind === 'list' || (field.kind === 'choices' && !withSql);
  if (isList && !afterIn) return { message: `{{${name}}} is a list`, advice: `write it directly after IN or NOT IN, without brackets: column IN {{${name}}}` };
  if (!isList && afterIn && !withSql && field.kind !== 'file') return { message: `{{${name}}} is one value, after IN a list is needed`, advice: `write column = {{${name}}}, or make the field a list or choices` };
  return null;
}

/** A file is a table, not a value. */
function tableFault({ name, asTable }: FieldPart, { tables }: TemplateScope): Words | null {
  if (!tables) return { message: `{{${name}}} is a file, and only steps read files`, advice: 'use another field here' };
  return asTable === true ? null : { message: `{{${name}}} is a table`, advice: `write it after FROM or JOIN: column IN (SELECT column FROM {{${name}}})` };
}

function partsInWords(name: string, parts: readonly string[]): string {
  const shown = parts.map((part) => (part === '' ? `{{${name}}}` : `{{${name}.${part}}}`));
  const [from, until, start, end] = ['from', 'until', 'start', 'end'].map((part) => `{{${name}.${part}}}`);
  if (parts.includes('from') && parts.includes('start') && !parts.includes(''))
    return `${from} and ${until} for Date columns, ${start} and ${end} for DateTime columns`;
  return shown.length === 2 ? shown.join(' and ') : shown.join(', ');
}

function emptyFault(field: Field): Words | null {
  if (field.kind === 'toggle' || (field.required && field.visibleWhen === undefined)) return null;
  const why = field.required ? 'is empty while it is hidden' : 'may be left empty';
  return { message: `{{${field.name}}} ${why}, and this place needs a value`, advice: `put the condition into [[ … ]]${field.required ? '' : ', or make the field required'}` };
}
