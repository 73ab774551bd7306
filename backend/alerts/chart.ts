import type { AlertPoint } from '../../shared/alert.ts';
import { axisNumber, drawText, textWidth } from './digits.ts';
import { Raster, type Colour } from './png.ts';

const size = { width: 800, height: 320 };
const edge = { left: 70, right: 16, top: 16, bottom: 30 };
const paper: Colour = [255, 255, 255];
const band: Colour = [207, 228, 250];
const ink: Colour = [15, 108, 189];
const alarm: Colour = [196, 49, 75];
const quiet: Colour = [110, 110, 110];
const faint: Colour = [228, 228, 228];
const figureHeight = 10;

/** Local hours and days as the points' own times say them, so that no zone is needed here. */
function timeLabel(time: string): string {
  const [, month = '', day = '', hour] = /^\d{4}-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/.exec(time) ?? [];
  return hour === undefined || hour === '00:00' ? `${day}.${month}` : `${day}.${month} ${hour}`;
}

function isOutside({ value, low, high }: AlertPoint): boolean {
  return value !== null && ((low !== null && value < low) || (high !== null && value > high));
}

/** A series with the range that was expected, as a PNG: outside points are red. */
export function drawChart(points: AlertPoint[]): Buffer {
  const raster = new Raster(size.width, size.height, paper);
  const known = points.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value !== null);
  if (known.length === 0) return raster.png();
  const lowest = Math.min(0, ...known);
  const highest = Math.max(...known) > lowest ? Math.max(...known) : lowest + 1;
  const inner = { width: size.width - edge.left - edge.right, height: size.height - edge.top - edge.bottom };
  const x = (index: number): number => edge.left + (points.length > 1 ? (index * inner.width) / (points.length - 1) : inner.width / 2);
  const y = (value: number): number => edge.top + inner.height * (1 - (value - lowest) / (highest - lowest));

  for (const share of [0, 0.5, 1]) {
    const value = lowest + share * (highest - lowest);
    raster.rectangle(edge.left, Math.round(y(value)), inner.width, 1, faint);
    const label = axisNumber(value);
    drawText(raster, label, { x: edge.left - 8 - textWidth(label), y: y(value) - figureHeight / 2, colour: quiet });
  }
  drawBand(raster, points, { x, y });
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (point.value === null) return;
    if (typeof before?.value === 'number') raster.line([x(index - 1), y(before.value)], [x(index), y(point.value)], ink, 2.5);
    else if (typeof points[index + 1]?.value !== 'number') raster.disc(x(index), y(point.value), 2, ink);
  });
  points.forEach((point, index) => {
    if (point.value !== null && isOutside(point)) raster.disc(x(index), y(point.value), 4, alarm);
  });
  const labelled = [...new Set([0, Math.floor((points.length - 1) / 2), points.length - 1])];
  for (const index of labelled) {
    const label = timeLabel(points[index]?.time ?? '');
    const left = Math.min(Math.max(x(index) - textWidth(label) / 2, 4), size.width - textWidth(label) - 4);
    drawText(raster, label, { x: left, y: size.height - edge.bottom + 12, colour: quiet });
  }
  return raster.png();
}

function drawBand(raster: Raster, points: AlertPoint[], { x, y }: { x: (index: number) => number; y: (value: number) => number }): void {
  points.slice(1).forEach((to, index) => {
    const from = points[index];
    if (from === undefined || from.low === null || from.high === null || to.low === null || to.high === null) return;
    for (let column = Math.round(x(index)); column < Math.round(x(index + 1)); column++) {
      const along = (column - x(index)) / (x(index + 1) - x(index));
      const top = y(from.high + along * (to.high - from.high));
      const bottom = y(from.low + along * (to.low - from.low));
      raster.rectangle(column, Math.round(top), 1, Math.max(1, Math.round(bottom) - Math.round(top)), band);
    }
  });
}
