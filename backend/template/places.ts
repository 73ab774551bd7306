import type { Template, TemplatePart } from '../catalog/task.ts';
import type { RenderedPiece } from './render.ts';

/** Where each text of a template begins in its source; texts of views are not in it. */
function textOffsets({ source, parts }: Template): Map<TemplatePart, number> {
  const offsets = new Map<TemplatePart, number>();
  const walk = (some: TemplatePart[], from: number): number =>
    some.reduce((cursor, part) => {
      switch (part.kind) {
        case 'text':
          offsets.set(part, cursor);
          return cursor + part.text.length;
        case 'field':
          return source.indexOf('}}', part.offset) + 2;
        case 'step':
        case 'view':
          return part.offset + `${part.kind}s.${part.name}`.length;
        case 'optional':
          return walk(part.parts, part.offset + 2) + 2;
      }
    }, from);
  walk(parts, 0);
  return offsets;
}

/** The place in the template of a place in the query that it was rendered into. What stands for a value or a table leads to its name. */
export function sourceOffset(template: Template, pieces: RenderedPiece[], at: number): number {
  const offsets = textOffsets(template);
  const whole = pieces.map(({ text }) => text).join('');
  let left = at + whole.length - whole.trimStart().length;
  for (const { part, text } of pieces) {
    if (left < text.length) return part.kind === 'text' ? (offsets.get(part) ?? 0) + left : part.offset;
    left -= text.length;
  }
  return template.source.trimEnd().length;
}
