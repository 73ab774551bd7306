import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { fileStep } from '../../shared/fields/file.ts';
import { fieldKindOf, type FieldValue } from '../../shared/fields/index.ts';
import { sameOption } from '../../shared/fields/choice.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field, RenderedQuery, RenderInput, Template, TemplatePart } from '../catalog/task.ts';

/** The name by which the options of a field read what a person types to find one. */
export const searchName = 'search';

/** Every filled-in field and part of a form as a bound value, named `field` or `field.part`: what a script is given. */
export function bindFields(input: RenderInput): Record<string, BoundValue> {
  return new Renderer(input).all();
}

type FieldPart = TemplatePart & { kind: 'field' };

/**
 * Binds values into a template. The text holds only what the analyst wrote and placeholders; every value is a parameter.
 * Throws `invalid_values`, naming the field, when a place outside `[[ … ]]` has no value.
 */
export function renderTemplate(template: Template, input: RenderInput): RenderedQuery {
  return new Renderer(input).render(template.parts);
}

/** One part of a template with the text that it became. */
export interface RenderedPiece {
  part: TemplatePart;
  text: string;
}

/** The same, with the pieces that the query was put together from, before blanks around it were dropped. */
export function renderPieces(template: Template, input: RenderInput): { query: RenderedQuery; pieces: RenderedPiece[] } {
  const renderer = new Renderer(input);
  return { query: renderer.render(template.parts), pieces: renderer.pieces(template.parts) };
}

class Renderer {
  private readonly parameters: Record<string, BoundValue> = {};
  private readonly fields: Map<string, Field>;

  constructor(private readonly input: RenderInput) {
    this.fields = new Map(input.fields.map((field) => [field.name, field]));
  }

  render(parts: TemplatePart[]): RenderedQuery {
    return { sql: this.text(parts).trim(), parameters: this.parameters };
  }

  all(): Record<string, BoundValue> {
    const bound = this.input.fields.flatMap((field) => {
      const value = this.value(field.name);
      if (value === undefined) return [];
      const parts = Object.entries(fieldKindOf(field.kind).bind(value, field.settings, this.input.context));
      return parts.map(([part, one]): [string, BoundValue] => [part === '' ? field.name : `${field.name}.${part}`, one]);
    });
    return Object.fromEntries(bound);
  }

  /** Clauses that are left out stand as one blank, others as their own parts. */
  pieces(parts: TemplatePart[]): RenderedPiece[] {
    return parts.flatMap((part) => (part.kind === 'optional' && !this.isLeftOut(part.parts) ? this.pieces(part.parts) : [{ part, text: this.part(part) }]));
  }

  private text(parts: TemplatePart[]): string {
    return this.pieces(parts).map(({ text }) => text).join('');
  }

  private isLeftOut(parts: TemplatePart[]): boolean {
    return parts.some((inner) => inner.kind === 'field' && this.isEmpty(inner.name));
  }

  private part(part: TemplatePart): string {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'step':
        return this.input.step(part.name);
      case 'view':
        return `(\n${this.text(part.parts).trim()}\n)`;
      case 'optional':
        return this.isLeftOut(part.parts) ? ' ' : this.text(part.parts);
      case 'field':
        return this.field(part);
    }
  }

  /** The checked value of a field; `undefined` when it is empty or hidden. */
  private value(name: string): FieldValue | undefined {
    const field = this.fields.get(name);
    const given = Object.hasOwn(this.input.values, name) ? this.input.values[name] : undefined;
    if (field === undefined || given === null || given === undefined || !this.isShown(field)) return undefined;
    const kind = fieldKindOf(field.kind);
    const value = kind.value.safeParse(given);
    if (!value.success) throw refuse(field, { ru: 'Значение не подходит к этому полю.', en: 'The value does not fit this field.' });
    return kind.isEmpty(value.data) ? undefined : kind.resolve(value.data, this.input.context);
  }

  private isShown({ name, visibleWhen }: Field): boolean {
    if (visibleWhen === undefined || visibleWhen.field === name) return true;
    const other = this.fields.get(visibleWhen.field);
    if (other === undefined || !this.isShown(other)) return false;
    const value = this.value(other.name) ?? (other.kind === 'toggle' ? false : '');
    const values = (Array.isArray(value) ? value : [value]).map(String);
    return visibleWhen.is.some((wanted) => values.includes(String(wanted)));
  }

  private isEmpty(name: string): boolean {
    return this.isSearch(name) ? this.search() === '' : this.value(name) === undefined;
  }

  private isSearch(name: string): boolean {
    return name === searchName && !this.fields.has(name);
  }

  private search(): string {
    return this.input.search?.trim() ?? '';
  }

  private field({ name, part }: FieldPart): string {
    if (this.isSearch(name)) return this.bind(`f_${name}`, { scalar: 'string', value: this.search() });
    const field = this.fields.get(name);
    if (field === undefined) throw new Problem('internal', { ru: `В форме нет поля «${name}».`, en: `The form has no field “${name}”.` });
    const value = this.value(name) ?? (field.kind === 'toggle' ? false : undefined);
    if (value === undefined) throw refuse(field, { ru: `Заполните поле «${field.label.ru}».`, en: `Fill in “${field.label.en}”.` });
    if (field.kind === 'file') return this.input.step(fileStep(name));
    if (field.options?.some(({ sql }) => sql !== undefined)) return analystsText(field, value);
    const bound = fieldKindOf(field.kind).bind(value, field.settings, this.input.context)[part];
    if (bound === undefined) throw new Problem('internal', { ru: `У поля «${name}» нет части «${part}».`, en: `Field “${name}” has no part “${part}”.` });
    return this.bind(`${part === '' ? 'f' : part}_${name}`, bound);
  }

  /** The prefix (`f`, `from`, …) ends at the first underscore, so two fields never share a name. One value used twice is sent once. */
  private bind(name: string, value: BoundValue): string {
    this.parameters[name] = value;
    return this.input.placeholder(name, value);
  }
}

/** The SQL that stands for the chosen options, in the order of the options. */
function analystsText(field: Field, value: FieldValue): string {
  const wanted = (Array.isArray(value) ? value : [value]).map(String);
  const options = field.options ?? [];
  const chosen = options.filter((option) => wanted.some((one) => sameOption(one, option.value)));
  const texts = chosen.map(({ sql }) => sql ?? '');
  if (chosen.length !== new Set(wanted).size || texts.includes(''))
    throw refuse(field, { ru: 'Такого варианта нет в списке. Выберите из предложенных.', en: 'There is no such option. Choose one of those offered.' });
  return texts.join(', ');
}

function refuse(field: Field, text: LocalText): Problem {
  return new Problem(
    'invalid_values',
    { ru: `${field.label.ru}: ${text.ru}`, en: `${field.label.en}: ${text.en}` },
    { fields: { [field.name]: text } },
  );
}
