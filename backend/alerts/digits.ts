import type { Colour, Raster } from './png.ts';

/** Figures on the axes, three by five dots each, drawn twice as large: a picture needs no font for them. */
const glyphs: Record<string, string> = {
  '0': '###|# #|# #|# #|###',
  '1': ' # |## | # | # |###',
  '2': '###|  #|###|#  |###',
  '3': '###|  #|###|  #|###',
  '4': '# #|# #|###|  #|  #',
  '5': '###|#  |###|  #|###',
  '6': '###|#  |###|# #|###',
  '7': '###|  #|  #|  #|  #',
  '8': '###|# #|###|# #|###',
  '9': '###|# #|###|  #|###',
  '.': '   |   |   |   | # ',
  ':': '   | # |   | # |   ',
  '-': '   |   |###|   |   ',
  k: '#  |# #|## |# #|# #',
  M: '# #|###|###|# #|# #',
  ' ': '   |   |   |   |   ',
};
const scale = 2;
const advance = 4 * scale;

export function textWidth(text: string): number {
  return text.length * advance - scale;
}

/** Draws figures with their upper left corner at x, y. */
export function drawText(raster: Raster, text: string, { x, y, colour }: { x: number; y: number; colour: Colour }): void {
  [...text].forEach((character, place) => {
    (glyphs[character] ?? '').split('|').forEach((row, line) => {
      [...row].forEach((dot, column) => {
        if (dot === '#') raster.rectangle(Math.round(x) + place * advance + column * scale, Math.round(y) + line * scale, scale, scale, colour);
      });
    });
  });
}

/** Short enough for an axis: `950`, `12.4k`, `3.1M`. */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  const trimmed = (text: string) => text.replace(/\.0+$/, '');
  if (size >= 999_500) return `${trimmed((value / 1e6).toFixed(1))}M`;
  if (size >= 9_995) return `${trimmed((value / 1e3).toFixed(1))}k`;
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return size >= 1 ? trimmed(value.toFixed(1)) : String(Number(value.toPrecision(2)));
}
