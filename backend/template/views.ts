import type { Template, TemplatePart } from '../catalog/task.ts';

/** Puts the text of views into a template, also of views that views use. Views without a template stay empty; no cycles may be left. */
export function withViews(template: Template, viewNamed: (name: string) => Template | undefined): Template {
  if (template.views.length === 0) return template;
  const used = new Set<string>();
  const fill = (parts: TemplatePart[]): TemplatePart[] =>
    parts.map((part) => {
      if (part.kind === 'optional') return { ...part, parts: fill(part.parts) };
      if (part.kind !== 'view') return part;
      used.add(part.name);
      return { ...part, parts: fill(viewNamed(part.name)?.parts ?? []) };
    });
  const parts = fill(template.parts);
  return { ...template, parts, views: [...used] };
}
