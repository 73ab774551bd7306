import { expect, test } from 'vitest';
import { partTyped, planOf } from '../../addin/taskpane/planner/plan.ts';
import { plannerWords } from '../../addin/taskpane/planner/planner-words.ts';
import type { Baseline } from '../../shared/baseline.ts';
import * as statistics from '../../shared/statistics/index.ts';

const share: Baseline = { from: '2026-09-28', until: '2026-11-23', windowDays: 14, users: 40_000, level: 0.1, deviation: null, arrivals: Array.from({ length: 56 }, (_, day) => (day + 1) * 1000) };
const half = { change: 0.1, treatment: 0.5, power: 0.8 };

test('a share is planned by R’s power.prop.test(p1 = 0.1, p2 = 0.11): 14,751 people in each group, 30 days of 1,000 are five weeks', () => {
  const plan = planOf(statistics, { type: 'share', good: 'up' }, share, half);
  expect(plan).toMatchObject({ users: { control: 14_751, treatment: 14_751 }, days: 35 });
});

test('a fall is planned towards less: R power.prop.test(p1 = 0.1, p2 = 0.09), 13,495 a group', () => {
  expect(planOf(statistics, { type: 'share', good: 'down' }, share, half)?.users).toEqual({ control: 13_495, treatment: 13_495 });
});

test('a mean is planned by the normal formula: (qnorm(0.975) + qnorm(0.8))^2 * 10^2 * 2 / 1^2 = 1569.8', () => {
  expect(planOf(statistics, { type: 'mean', good: 'up' }, { ...share, level: 50, deviation: 10 }, { ...half, change: 0.02 })?.users).toEqual({ control: 1570, treatment: 1570 });
});

test('the longer a test, the smaller the change it sees: after two weeks power.prop.test(n = 7000, p1 = 0.1, power = 0.8)', () => {
  const visible = planOf(statistics, { type: 'share', good: 'up' }, share, half)?.visible ?? [];
  expect(visible.map(({ weeks }) => weeks)).toEqual([1, 2, 4, 8]);
  const changes = visible.map(({ change }) => change ?? NaN);
  expect([...changes].sort((one, other) => other - one)).toEqual(changes);
  // A plan for what two weeks see needs as many people as two weeks bring.
  expect(planOf(statistics, { type: 'share', good: 'up' }, share, { ...half, change: changes[1]! })?.users?.control).toBe(7000);
});

test('more people than eight weeks bring have no number of days', () => {
  expect(planOf(statistics, { type: 'share', good: 'up' }, share, { ...half, change: 0.001 })?.days).toBeNull();
});

test.each([
  ['nobody was seen', { level: null }],
  ['it never happens', { level: 0 }],
  ['it happens to everybody', { level: 1 }],
])('there is no plan where %s', (_case, baseline) => {
  expect(planOf(statistics, { type: 'share', good: 'up' }, { ...share, ...baseline }, half)).toBeNull();
});

test('a change beyond all or nobody is no number of people', () => {
  expect(planOf(statistics, { type: 'share', good: 'up' }, { ...share, level: 0.9 }, { ...half, change: 0.5 })?.users).toBeNull();
});

test('no fall by more than all of it is promised', () => {
  const few = { ...share, level: 0.01, deviation: 10, arrivals: Array.from({ length: 56 }, (_, day) => day + 2) };
  expect(planOf(statistics, { type: 'mean', good: 'down' }, few, half)?.visible.map(({ change }) => change)).toEqual([null, null, null, null]);
});

test('weeks without people see nothing', () => {
  const plan = planOf(statistics, { type: 'share', good: 'up' }, { ...share, arrivals: Array.from({ length: 56 }, () => 0) }, half);
  expect(plan?.visible.map(({ change }) => change)).toEqual([null, null, null, null]);
});

test.each([['5', 0.05], ['2,5', 0.025], [' 2.5 % ', 0.025], ['0', null], ['100', null], ['-5', null], ['много', null], ['', null]])('a percentage typed as %j', (typed, part) => {
  const read = partTyped(typed, { above: 0, below: 1 });
  if (part === null) expect(read).toBeNull();
  else expect(read).toBeCloseTo(part, 12);
});

test('both languages say the same things, without the words that people do not use', () => {
  expect(Object.keys(plannerWords.en)).toEqual(Object.keys(plannerWords.ru));
  const said = (language: 'ru' | 'en') => Object.values(plannerWords[language]).map((entry) => (typeof entry === 'function' ? (entry as (...given: unknown[]) => string)(21, 3, 14) : entry)).join('\n');
  expect(said('en')).not.toMatch(/[а-яё]/i);
  expect(said('ru')).not.toMatch(/источник|гипотез|p-знач/i);
  expect(plannerWords.ru.need(14_751, 14_751)).toBe('Нужно: 29\u00a0502 человека – 14\u00a0751 в контроле и 14\u00a0751 в тесте.');
});
