import { addDays } from '../../shared/relative-period.ts';
import { fieldNameFor, latinWords, unique } from './names.ts';
import type { DraftField, Mention, Plan } from './plan.ts';
import type { Remarks } from './remark.ts';
import { periodEnd } from './values.ts';

/** A form on its way into a task. */
export interface PlannedForm {
  plan: Plan;
  mentions: Mention[];
}

type Ends = Partial<Record<'from' | 'until', PlannedForm>>;

/** Joins two dates that are the ends of one period into one field of days, where every comparison allows it. */
export function joinPeriods(forms: Map<string, PlannedForm>, remarks: Remarks): void {
  const pairs = new Map<string, Ends | null>();
  for (const form of forms.values()) {
    const end = endOf(form);
    if (end === null) continue;
    const pair = pairs.get(end.stem);
    const isSecond = pair !== undefined && (pair === null || pair[end.end] !== undefined);
    pairs.set(end.stem, isSecond ? null : { ...pair, [end.end]: form });
  }
  const names = new Set([...forms.values()].flatMap(({ plan }) => ('field' in plan ? [plan.field.name] : [])));
  for (const [stem, pair] of pairs) if (pair?.from !== undefined && pair.until !== undefined) join({ stem, from: pair.from, until: pair.until }, names, remarks);
}

function endOf({ plan, mentions }: PlannedForm): ReturnType<typeof periodEnd> {
  if (plan.how !== 'value' || plan.field.kind !== 'date') return null;
  const [first] = mentions;
  return periodEnd(first?.form.name ?? '') ?? periodEnd(plan.field.label);
}

function join({ stem, from, until }: { stem: string; from: PlannedForm; until: PlannedForm }, names: Set<string>, remarks: Remarks): void {
  if (from.plan.how !== 'value' || until.plan.how !== 'value') return;
  const [place, first, last] = [from.mentions[0]?.place ?? {}, from.plan.field, until.plan.field];
  const operatorsOf = ({ mentions }: PlannedForm) => mentions.flatMap(({ slot }) => (slot.operator === undefined || slot.clause === 'comment' ? [] : [slot.operator]));
  const [opening, closing] = [operatorsOf(from), operatorsOf(until)];
  const isExclusive = closing.length > 0 && closing.every((operator) => operator === '<');
  const isPlain = opening.every((operator) => operator === '>=' || operator === 'between') && (isExclusive || closing.every((operator) => operator === '<=' || operator === 'and'));
  if (!isPlain || opening.length === 0 || closing.length === 0) {
    remarks.guessed(place, `Поля «${first.label}» и «${last.label}» похожи на период, но сравниваются по-разному и остались двумя датами.`, `“${first.label}” and “${last.label}” look like a period but are compared in several ways, so they stay two dates.`);
    return;
  }
  const words = latinWords(stem).filter((word) => !/^(date|data|dat|datum|day|den|kuni|kun|period.*)$/i.test(word));
  names.delete(first.name);
  names.delete(last.name);
  const name = unique(fieldNameFor([...words, 'period'].join('_')), names, '_');
  const field: DraftField = { name, kind: 'dateRange', label: `${first.label} – ${last.label}`, ...defaultOf(first, last, isExclusive) };
  from.plan = { how: 'period', field, end: 'from', inclusive: !isExclusive };
  until.plan = { how: 'period', field, end: 'until', inclusive: !isExclusive };
  const inclusive = isExclusive ? 'последний день не входил, теперь форма показывает период включительно' : 'последний день входит, как и раньше';
  const inclusiveEn = isExclusive ? 'the last day was left out; the form now shows the period inclusive' : 'the last day is in it, as before';
  remarks.changed(place, `Поля «${first.label}» и «${last.label}» стали одним периодом (${inclusive}). Если столбец — дата со временем, раньше последний день обрывался в полночь, теперь он весь; границы тогда пишут .start и .end.`, `“${first.label}” and “${last.label}” became one period (${inclusiveEn}). If the column holds moments, the last day used to end at its midnight and is now whole; bounds of moments are written .start and .end.`);
}

function defaultOf({ default: first }: DraftField, { default: last }: DraftField, isExclusive: boolean): Pick<DraftField, 'default'> {
  if (typeof first !== 'string' || typeof last !== 'string') return {};
  const until = isExclusive ? last : addDays(last, 1);
  return until > first ? { default: { from: first, until } } : {};
}
