import { expect, test } from 'vitest';
import { axisTicks, pieSlices } from '../../addin/taskpane/chart-shape.ts';
import { cellWords, momentWords } from '../../addin/taskpane/cell-words.ts';
import { gridWindow, rowHeight } from '../../addin/taskpane/grid-window.ts';
import type { Cell, ColumnType } from '../../shared/result.ts';

test.each<[Cell, ColumnType, string, string]>([
  [null, 'integer', '', ''],
  ['18446744073709551615', 'integer', '18 446 744 073 709 551 615', '18,446,744,073,709,551,615'],
  [-1234567, 'integer', '−1 234 567', '−1,234,567'],
  ['1234.50', 'decimal', '1 234,50', '1,234.50'],
  ['1234567.5', 'money', '1 234 567,50', '1,234,567.50'],
  [0.1234, 'percent', '12,34 %', '12.34%'],
  [1, 'percent', '100 %', '100%'],
  ['2026-10-05', 'date', '05.10.2026', '5 Oct 2026'],
  ['2026-10-05 07:08:09.123', 'datetime', '05.10.2026 07:08', '5 Oct 2026 07:08'],
  [true, 'flag', 'да', 'yes'],
  ['0001234567890123456', 'code', '0001234567890123456', '0001234567890123456'],
  ['=1+1', 'text', '=1+1', '=1+1'],
  ['нечисло', 'integer', 'нечисло', 'нечисло'],
])('%j as %s reads well in both languages', (value, type, ru, en) => {
  expect(cellWords(value, type, 'ru').replace(/\u00a0/g, ' ')).toBe(ru);
  expect(cellWords(value, type, 'en')).toBe(en);
});

test('a moment is shown by the company clock', () => {
  expect(momentWords('2026-11-21T20:59:59Z', 'Europe/Moscow', 'ru')).toBe('21.11.2026 23:59');
  expect(momentWords('2026-11-21T20:59:59Z', 'Europe/Berlin', 'en')).toBe('21 Nov 2026 21:59');
});

test('an axis has round numbers and holds every value', () => {
  expect(axisTicks([3, 97])).toEqual([0, 25, 50, 75, 100]);
  expect(axisTicks([0])).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(axisTicks([])).toEqual([0, 0.25, 0.5, 0.75, 1]);
  const mixed = axisTicks([-40, 60]);
  expect(Math.min(...mixed)).toBeLessThanOrEqual(-40);
  expect(Math.max(...mixed)).toBeGreaterThanOrEqual(60);
});

test('slices of a pie are shares of the positive values', () => {
  expect(pieSlices([1, 3, -5]).map(({ share }) => share)).toEqual([0.25, 0.75, 0]);
  expect(pieSlices([0, 0]).map(({ path }) => path)).toEqual(['', '']);
  expect(pieSlices([7])[0]?.path).toMatch(/^M0 0 L0\.00000 -1\.00000 A1 1 0 1 1/);
});

test('the grid draws only rows in sight, and reaches the last of a million', () => {
  expect(gridWindow(10, 0, 1000)).toMatchObject({ first: 0, top: 0, count: 10, height: 10 * rowHeight });
  expect(gridWindow(1000, rowHeight * 10, 280)).toMatchObject({ first: 10, count: 12 });
  const many = gridWindow(1_048_575, 0, 700);
  const last = gridWindow(1_048_575, many.height - 700, 700);
  expect(last.first + last.count).toBe(1_048_575);
  expect(last.count).toBeLessThan(40);
  expect(last.top + last.count * rowHeight).toBeGreaterThanOrEqual(many.height);
});
