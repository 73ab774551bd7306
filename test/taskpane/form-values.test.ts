import { expect, test } from 'vitest';
import { beyondLoaded, defaultValues, faultOf, faultsOf, knownValues, submittedValues, visibleFields, withValue } from '../../addin/taskpane/form-values.ts';
import type { FieldView } from '../../shared/form.ts';
import type { FieldKindName } from '../../shared/fields/index.ts';
import { sameText } from '../../shared/language.ts';
import type { TaskDetail } from '../../shared/task.ts';

const context = { zone: 'Europe/Moscow', today: '2026-11-22' };

function field(name: string, kind: FieldKindName, rest: Partial<FieldView> = {}): FieldView {
  return { name, kind, label: sameText(name), required: true, settings: {}, optionsFromQuery: false, dependsOn: [], ...rest };
}

const names = (fields: FieldView[]): string[] => fields.map(({ name }) => name);

test('a form opens with its defaults, and "as last time" takes only fields that are still there', () => {
  const fields = [field('period', 'dateRange', { default: 'lastMonth' }), field('note', 'text')];
  expect(defaultValues(fields)).toEqual({ period: 'lastMonth' });
  expect(knownValues({ period: 'today', gone: 1, note: null }, fields)).toEqual({ period: 'today' });
});

test('a hidden field, and what hangs on it, is neither shown nor sent', () => {
  const fields = [
    field('city', 'choice', { visibleWhen: { field: 'narrow', is: [true] } }),
    field('narrow', 'toggle'),
    field('shop', 'choice', { visibleWhen: { field: 'city', is: ['msk'] } }),
  ];
  const values = { city: 'msk', shop: '1' };
  expect(names(visibleFields(fields, values))).toEqual(['narrow']);
  expect(submittedValues(fields, values)).toEqual({});
  expect(names(visibleFields(fields, { ...values, narrow: true }))).toEqual(['city', 'narrow', 'shop']);
  expect(submittedValues(fields, { ...values, narrow: true })).toEqual({ city: 'msk', narrow: true, shop: '1' });
});

test('a toggle that nobody touched says no', () => {
  const fields = [field('all', 'toggle'), field('city', 'choice', { visibleWhen: { field: 'all', is: [false] } })];
  expect(names(visibleFields(fields, {}))).toEqual(['all', 'city']);
});

test('fields that hide each other in a circle are hidden, not looped over', () => {
  const fields = [field('a', 'text', { visibleWhen: { field: 'b', is: ['x'] } }), field('b', 'text', { visibleWhen: { field: 'a', is: ['x'] } })];
  expect(visibleFields(fields, { a: 'x', b: 'x' })).toEqual([]);
});

test('a change clears what depends on it, also through others; the same value clears nothing', () => {
  const fields = [field('partner', 'choice'), field('push', 'choice', { dependsOn: ['partner'] }), field('variant', 'choice', { dependsOn: ['push'] }), field('note', 'text')];
  const values = { partner: 1, push: 2, variant: 3, note: 'x' };
  expect(withValue(fields, values, { name: 'partner', value: 5 })).toEqual({ partner: 5, note: 'x' });
  expect(withValue(fields, values, { name: 'partner', value: 1 })).toEqual(values);
  expect(withValue(fields, values, { name: 'push', value: undefined })).toEqual({ partner: 1, note: 'x' });
});

test.each<[FieldKindName, unknown, Record<string, unknown>, RegExp]>([
  ['text', '   ', {}, /Fill in/],
  ['text', 'x'.repeat(11), { maxLength: 10 }, /At most 10/],
  ['text', 'a\u0000b', {}, /invisible/],
  ['number', '12x', {}, /number is needed/],
  ['number', '12.5', {}, /whole number/],
  ['number', 5, { min: 10 }, /At least 10/],
  ['numberRange', { from: '9', until: '3' }, {}, /above the end/],
  ['date', '', {}, /whole date/],
  ['date', '2026-02-30', {}, /whole date/],
  ['month', '2026-13', {}, /whole date/],
  ['dateRange', { from: '2026-10-01', until: '' }, {}, /both dates/],
  ['dateRange', { from: '2026-10-10', until: '2026-10-01' }, {}, /ends before/],
  ['dateRange', 'thisYear', { maxDays: 31 }, /At most 31/],
  ['list', ['x'], { scalar: 'integer' }, /Whole numbers/],
  ['choices', [], {}, /Fill in/],
])('%s %j is a fault that says why', (kind, value, settings, message) => {
  const settingsJson = settings as FieldView['settings'];
  expect(faultOf(field('f', kind, { settings: settingsJson }), value as never, context)?.en).toMatch(message);
});

test('good values and empty optional fields are no faults', () => {
  const fields = [field('a', 'text', { required: false }), field('b', 'toggle'), field('c', 'dateRange'), field('d', 'number', { settings: { decimals: 2 } })];
  expect(faultsOf(fields, { c: 'lastMonth', d: '12.25' }, context)).toEqual({});
});

test('a period that reaches beyond the loaded data is told apart to the day', () => {
  const task = { fields: [field('period', 'dateRange')], fresh: { until: '2026-11-21T23:59:59+03:00' } } as TaskDetail;
  expect(beyondLoaded(task, { period: 'yesterday' }, context)).toBe('no');
  expect(beyondLoaded(task, { period: 'today' }, context)).toBe('partly');
  expect(beyondLoaded(task, { period: { from: '2026-11-01', until: '2026-11-22' } }, context)).toBe('no');
  expect(beyondLoaded(task, { period: { from: '2026-11-01', until: '2026-11-23' } }, context)).toBe('partly');
  expect(beyondLoaded({ ...task, fresh: undefined }, { period: 'today' }, context)).toBe('no');
  expect(beyondLoaded(task, { period: { from: '2026-12-01', until: '2026-12-08' } }, context)).toBe('future');
});
