import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLaboratory, type Laboratory, type Trial } from './laboratory.ts';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openLaboratory();
});
afterAll(() => laboratory.close());

const entered = "toDateTime('2026-03-01 12:00:00') AS entered_at";
const later = "toDateTime('2026-03-02 12:00:00') AS time";
const users = (control: number, treatment: number): string => `SELECT number + 1 AS user_id, if(number < ${control}, 'control', 'new') AS group, ${entered} FROM numbers(${control + treatment})`;
const facts = (where: string, value = '1'): string => `SELECT number + 1 AS user_id, ${later}, ${value} AS value FROM numbers(200000) WHERE ${where}`;
const read = async (trial: Trial) => {
  const { outcome, rows } = await laboratory.read(trial);
  return { outcome, rows, arm: outcome.arms[0]!, comparison: outcome.metrics[0]!.comparisons[0]!, findings: outcome.groups.findings.map(({ kind }) => kind), notes: outcome.notes.map(({ en }) => en).join('\n') };
};

it('nobody at all: 0 of 0', async () => {
  const { arm, findings, comparison } = await read({ assignments: `SELECT * FROM (${users(1, 1)}) WHERE 0` });
  expect([arm.verdict, findings, comparison.figures]).toEqual(['notValid', ['emptyGroup', 'emptyGroup'], null]);
  expect(arm.sentence.ru).toContain('в группе «control» никого нет');
});

it('0 of 1000 against 7 of 1000: harm is not lost, by Fisher', async () => {
  const { comparison } = await read({ assignments: users(1000, 1000), metric: { good: 'down', facts: facts('number >= 1000 AND number < 1007') } });
  // By hand: both tails, each C(1000, 7) / C(2000, 7).
  const tail = Array.from({ length: 7 }, (_, place) => (1000 - place) / (2000 - place)).reduce((product, one) => product * one, 1);
  expect(comparison.figures?.pValue).toBeCloseTo(2 * tail, 12);
  expect([comparison.verdict, comparison.figures?.small, comparison.figures?.relative]).toEqual(['worse', true, null]);
  expect(comparison.text.en).not.toMatch(/NaN|Infinity|null/);
});

it('everyone converts: an interval and no p-value', async () => {
  const { comparison } = await read({ assignments: users(500, 500), metric: { facts: facts('number < 1000') } });
  expect([comparison.figures?.pValue, comparison.figures?.difference, comparison.verdict]).toEqual([null, 0, 'noVisibleDifference']);
});

it('one group is empty', async () => {
  const { arm, findings, outcome } = await read({ assignments: users(500, 0), metric: { facts: facts('number < 100') } });
  expect([arm.verdict, arm.advice, findings]).toEqual(['notValid', 'doNotCompare', ['emptyGroup']]);
  expect(outcome.metrics[0]?.groups.map(({ users: count, value }) => [count, value])).toEqual([[500, 0.2], [0, null]]);
});

it('one user a group, and no variation in either', async () => {
  const single = await read({ assignments: users(1, 1), metric: { type: 'mean', facts: facts('number < 2', 'number') } });
  expect([single.comparison.verdict, single.comparison.because, single.findings]).toEqual(['unclear', 'notComputable', ['tooFewToCheck']]);
  expect(single.comparison.text.en).toBe('Nothing to compare yet: too few users, or everyone has the same value.');
  const flat = await read({ assignments: users(100, 100), metric: { type: 'mean', facts: facts('number < 200', '5') } });
  expect([flat.comparison.verdict, flat.comparison.because, flat.comparison.figures]).toEqual(['unclear', 'notComputable', null]);
});

it('values that are no numbers are counted as 0 and told; text is refused in words', async () => {
  const some = await read({ assignments: users(100, 100), metric: { type: 'mean', facts: facts('number < 200', 'multiIf(number = 0, nan, number = 1, NULL, number = 2, inf, toNullable(1.5))') } });
  expect(some.notes).toContain('3 values are no numbers and were taken as 0');
  expect(some.outcome.metrics[0]?.groups[0]?.value).toBeCloseTo(1.455, 12);
  await expect(read({ assignments: users(10, 10), metric: { type: 'mean', facts: facts('number < 20', "'3,5'") } })).rejects.toThrow('Metric “Goal”: the column value is String, and a number is needed.');
  await expect(read({ assignments: users(10, 10), metric: { facts: 'SELECT 1 AS user_id, 1 AS value' } })).rejects.toThrow('its facts have no column time; they have user_id, value');
  await expect(read({ assignments: 'SELECT 1 AS user_id, now() AS entered_at' })).rejects.toThrow('The last step of the test has no column group');
});

it('labels with blanks and case, repeats, blanks, unknown groups, times that are missing or late', async () => {
  const odd = `SELECT toNullable(toString(number + 1)) AS user_id, if(number < 200, ' Control ', 'NEW') AS group, '2026-03-01 12:00:00' AS entered_at FROM numbers(400)
    UNION ALL SELECT '1', 'control', '2026-03-05 12:00:00' UNION ALL SELECT NULL, 'new', '2026-03-01' UNION ALL SELECT '  ', 'new', '2026-03-01'
    UNION ALL SELECT '1001', 'other', '2026-03-01' UNION ALL SELECT '1002', 'new', '' UNION ALL SELECT '1003', 'new', '2026-04-02 00:00:00' UNION ALL SELECT '2', 'new', '2026-03-01 12:00:00'`;
  const { notes, outcome, arm } = await read({ assignments: odd, metric: { facts: facts('number < 50') } });
  expect(outcome.groups.sizes.map(({ users: count }) => count)).toEqual([199, 200]);
  expect(notes).toMatch(/Rows without a user, left out: 2[^]*Repeated rows, the first entry was taken: 2[^]*Users in several groups, left out: 1[^]*none|not in the plan, left out: 1/);
  expect(notes).toContain('Users without a time of entry, left out: 1');
  expect(notes).toContain('Users who entered after the end or “in the future”, left out: 1');
  expect(notes).toContain('Rows whose group differs in case or blanks, read: 400');
  expect(arm.verdict).not.toBe('notValid');
});

it('entries in the future do not count while a test runs', async () => {
  const { outcome } = await read({ assignments: `${users(50, 50)} UNION ALL SELECT 1000, 'new', toDateTime('2026-03-25 12:00:00')`, now: '2026-03-20T09:00:00Z' });
  expect(outcome.groups.sizes.map(({ users: count }) => count)).toEqual([50, 50]);
});

it('a third of the users in both groups: no verdict; a few: a remark', async () => {
  const many = await read({ assignments: `${users(1000, 1000)} UNION ALL SELECT number + 1, 'new', toDateTime('2026-03-01 12:00:00') FROM numbers(660)`, section: { groups: '{ control: 25.4%, new: 74.6% }' }, metric: { facts: facts('number < 100') } });
  expect([many.arm.verdict, many.findings]).toEqual(['notValid', ['mixedUsers']]);
  expect(many.arm.sentence.en).toContain('660\u00a0users (33.0%) are in several groups at once');
  const few = await read({ assignments: `${users(1000, 1000)} UNION ALL SELECT number + 1, 'new', toDateTime('2026-03-01 12:00:00') FROM numbers(40)`, metric: { facts: facts('number % 10 = 0 AND number < 2000') } });
  expect([few.arm.verdict === 'notValid', few.findings]).toEqual([false, ['someMixedUsers']]);
});

it('50.5 to 49.5 of a million users is a broken split; users in a group planned to stay empty too', async () => {
  const { arm, findings, outcome } = await read({ assignments: users(505_000, 495_000), metric: { facts: facts('number < 1000') } });
  expect([arm.verdict, findings, outcome.metrics[0]?.comparisons[0]?.verdict]).toEqual(['notValid', ['splitBroken'], 'notValid']);
  expect(arm.sentence.ru).toContain('при исправном делении такое бывает с вероятностью < 0,0001');
  const leak = await read({ assignments: `${users(100, 100)} UNION ALL SELECT 1000, 'ghost', toDateTime('2026-03-01 12:00:00')`, section: { groups: '{ control: 50%, new: 50%, ghost: 0 }' } });
  expect(leak.findings).toEqual(['leak']);
});

it('a mailing that was not marked as sent: refused, and why', async () => {
  const { arm, findings } = await read({ assignments: `SELECT user_id, group, CAST(NULL AS Nullable(DateTime)) AS entered_at FROM (${users(50, 50)})` });
  expect(arm.verdict).toBe('notValid');
  expect(findings).toContain('noEntryTime');
  expect(arm.sentence.en).toContain('first mark it as sent');
});

it('a negative baseline is divided by its size; a ratio without any denominator is not computed', async () => {
  const { comparison } = await read({ assignments: users(500, 500), metric: { type: 'mean', facts: facts('number < 1000', '(number % 5) - if(number < 500, 12, 7)') } });
  expect(comparison.figures?.control.value).toBeCloseTo(-10, 12);
  expect(comparison.figures?.relative?.value).toBeCloseTo(0.5, 12);
  const ratio = await read({ assignments: users(50, 50), metric: { type: 'ratio', facts: `SELECT *, 0 AS denominator FROM (${facts('number < 100')})` } });
  expect([ratio.comparison.verdict, ratio.comparison.because]).toEqual(['unclear', 'notComputable']);
});

it('a p-value too small to print is never 0 and never blank', async () => {
  const { comparison, notes, rows } = await read({ assignments: users(50_000, 50_000), metric: { facts: facts('number < 500 OR (number >= 50000 AND number < 65000)') } });
  expect(comparison.figures?.pValue).toBeGreaterThan(0);
  expect(notes).toContain('p < 0.0001');
  expect(Number((await rows('metrics'))[0]![12])).toBeGreaterThan(0);
});

it('a segment with too many values is left out and told', async () => {
  const { notes, outcome } = await read({ assignments: `SELECT *, toString(user_id) AS phone FROM (${users(100, 100)})`, section: { segments: '[phone]' }, metric: { facts: facts('number < 30') } });
  expect(notes).toContain('The segment “phone” was not computed: it has too many values.');
  expect(outcome.arms).toHaveLength(1);
});
