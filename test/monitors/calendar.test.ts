import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { formatFault } from '../../backend/catalog/index.ts';
import { readCalendar } from '../../backend/monitors/calendar.ts';

const name = 'name: { ru: Выходной, en: Day off }';
const faultsOf = (text: string): string[] => readCalendar(text, 'calendar.yaml', 'Europe/Moscow').faults.map(formatFault);
const instant = (written: string, zone: string): number => DateTime.fromISO(written, { zone }).toMillis();

test('a date is a whole local day, from and until are days that are both included, or hours', () => {
  const text = `- { date: 2026-03-09, ${name}, day: like-sunday }\n- { from: 2026-03-28, until: 2026-03-29, ${name}, expected: 1.5 }\n- { from: 2026-03-09T14:00, until: 2026-03-09T16:30, ${name} }\n`;
  for (const zone of ['Europe/Moscow', 'Europe/Berlin']) {
    const { entries, faults } = readCalendar(text, 'calendar.yaml', zone);
    expect(faults).toEqual([]);
    expect(entries).toMatchObject([
      { start: instant('2026-03-09', zone), end: instant('2026-03-10', zone), likeSunday: true, scope: null },
      { start: instant('2026-03-28', zone), end: instant('2026-03-30', zone), likeSunday: false, expected: 1.5 },
      { start: instant('2026-03-09T14:00', zone), end: instant('2026-03-09T16:30', zone) },
    ]);
    expect(entries[2]?.expected).toBeUndefined();
  }
});

test('overlapping entries are both kept, and an empty file is an empty calendar', () => {
  const { entries, faults } = readCalendar(`- { from: 2026-03-01, until: 2026-03-31, ${name}, expected: 2 }\n- { date: 2026-03-09, ${name}, expected: 3 }`, 'calendar.yaml', 'Europe/Moscow');
  expect([entries.length, faults]).toEqual([2, []]);
  expect(readCalendar('', 'calendar.yaml', 'Europe/Moscow')).toEqual({ entries: [], faults: [] });
  expect(readCalendar('# nothing yet\n', 'calendar.yaml', 'Europe/Moscow')).toEqual({ entries: [], faults: [] });
});

test('a scope names series, with * for any letters and nothing else special', () => {
  const { entries } = readCalendar(`- { date: 2026-03-09, ${name}, scope: ["pay.*", error_login] }`, 'calendar.yaml', 'Europe/Moscow');
  const concerned = ['pay.open', 'pay_open', 'error_login', 'error_login_2', 'payments'].filter((series) => entries[0]?.scope?.test(series));
  expect(concerned).toEqual(['pay.open', 'error_login']);
});

test('the 31st of February is a fault with its line, and leaves the other entries in use', () => {
  const { entries, faults } = readCalendar(`- { date: 2026-03-09, ${name} }\n- date: 2026-02-31\n  ${name}\n`, 'calendar.yaml', 'Europe/Moscow');
  expect(entries.length).toBe(1);
  expect(faults.map(formatFault)).toEqual(['calendar.yaml:2:3  2026-02-31 is no day of the calendar — write a day as 2026-03-08, or an hour as 2026-03-08T14:00']);
});

test.each([
  [`- { date: 2026-03-09, from: 2026-03-09, until: 2026-03-10, ${name} }`, /both date and from/],
  [`- { ${name} }`, /does not say when/],
  [`- { from: 2026-03-09, ${name} }`, /does not say when/],
  [`- { from: 2026-03-10, until: 2026-03-09, ${name} }`, /before it begins/],
  [`- { date: 2026-03-09T14:00, ${name} }`, /from and until/],
  [`- { date: 9 March, ${name} }`, /no day of the calendar/],
  ['- { date: 2026-03-09 }', /name is missing/],
  ['- { date: 2026-03-09, name: Day off }', /both languages/],
  [`- { date: 2026-03-09, ${name}, expected: -1 }`, /not below 0/],
  [`- { date: 2026-03-09, ${name}, expected: half }`, /number/],
  [`- { date: 2026-03-09, ${name}, day: like-monday }`, /like-sunday/],
  [`- { date: 2026-03-09, ${name}, expectd: 2 }`, /no key "expectd".*expected/],
  [`date: 2026-03-09`, /not a list/],
  ['- { date: 2026-03-09', /calendar\.yaml:1/],
])('%s is told', (text, words) => {
  expect(faultsOf(text).join('\n')).toMatch(words);
});
