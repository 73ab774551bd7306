import { describe, expect, test } from 'vitest';
import { cohort, cohortIdIn } from '../../shared/fields/cohort.ts';

const context = { zone: 'Europe/Moscow', today: '2026-11-22' };

describe('a cohort field', () => {
  test.each([
    ['5mjbq8w', '5mjbq8w'],
    ['  XYXxxzz \n', 'XYXxxzz'],
    ['https://analytics.amplitude.com/wallet/cohort/1a2bc3d', '1a2bc3d'],
    ['https://app.amplitude.com/analytics/wallet/cohort/26umsb5?tab=users#top', '26umsb5'],
    ['https://app.eu.amplitude.com/analytics/wallet/cohort/26umsb5/', '26umsb5'],
    ['https://analytics.eu.amplitude.com/wallet/cohort/26umsb5', '26umsb5'],
    ['app.amplitude.com/analytics/wallet/cohort/26umsb5', '26umsb5'],
  ])('reads %j as the id %s', (written, id) => {
    expect(cohortIdIn(written)).toBe(id);
    expect(cohort.resolve(written, context)).toBe(id);
    expect(cohort.parseText(written, context)).toBe(id);
    expect(cohort.check(written, {})).toBeNull();
    expect(cohort.bind(written, {}, context)).toEqual({ '': { scalar: 'string', value: id } });
    expect(cohort.describe(written, 'ru')).toBe(id);
  });

  test.each([
    ['https://amplitude.com.evil.example/x/cohort/26umsb5', 'does not lead to Amplitude'],
    ['https://evil.example/?u=amplitude.com/cohort/26umsb5', 'does not lead to Amplitude'],
    ['https://app.amplitude.com/analytics/wallet/chart/26umsb5', 'holds no cohort'],
    ['https://app.amplitude.com/analytics/wallet/cohort/', 'holds no cohort'],
    ['https://app.amplitude.com/analytics/wallet/cohort/..%2Fusage', 'holds no cohort'],
    ['abc', 'id of a cohort'],
    ['ушли после пуша', 'id of a cohort'],
    ['../../usage', 'id of a cohort'],
    ['x'.repeat(10_000_000), 'id of a cohort'],
  ])('says what is wrong with %.60s', (written, words) => {
    expect(cohortIdIn(written)).toBeUndefined();
    const wrong = cohort.check(cohort.resolve(written, context), {});
    expect(wrong?.en).toContain(words);
    expect(wrong?.ru).toMatch(/когорт/);
  });

  test('is empty without anything but blanks', () => {
    expect(cohort.isEmpty(' \n')).toBe(true);
    expect(cohort.isEmpty('5mjbq8w')).toBe(false);
  });
});
