import { isRefusal } from './grammar/index.ts';
import { choosePlan } from './choose-plan.ts';
import type { CodeForm } from './code-forms.ts';
import { fieldNameFor, unique } from './names.ts';
import { joinPeriods, type PlannedForm } from './periods.ts';
import type { DraftField, Mention, Plan } from './plan.ts';
import type { QueryDraft } from './read-paragraphs.ts';
import type { Place, Remarks } from './remark.ts';
import { looksOf } from './values.ts';

/** One form of a note: the same name in several paragraphs, or in the note itself, is one field. */
export function planForms(queries: QueryDraft[], noteParams: Record<string, unknown>, remarks: Remarks): Map<string, PlannedForm> {
  const mentions = new Map<string, Mention[]>();
  for (const query of queries)
    for (const slot of query.slots)
      for (const piece of slot.pieces) {
        const placeholder = typeof piece === 'number' ? query.placeholders[piece] : undefined;
        if (placeholder === undefined || isRefusal(placeholder.form)) continue;
        const { form, scope } = placeholder;
        const key = form.name.trim();
        const last = lastValue((scope === 'note' ? noteParams : query.paragraph.params)[form.name]);
        mentions.set(key, [...(mentions.get(key) ?? []), { form, slot, place: { ...query.place, line: query.lines[piece as number] }, ...(last === undefined ? {} : { last }) }]);
      }
  const names = new Set<string>();
  const planned = new Map<string, PlannedForm>();
  for (const [key, own] of mentions) {
    sayDifferences(key, own, remarks);
    planned.set(key, { mentions: own, plan: choosePlan(unique(fieldNameFor(key), names, '_'), own, remarks) });
  }
  joinPeriods(planned, remarks);
  return planned;
}

function lastValue(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(',') : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function sayDifferences(name: string, mentions: Mention[], remarks: Remarks): void {
  const written = mentions.map(({ form }) => JSON.stringify([form.control, form.default, form.options ?? null]));
  const bare = JSON.stringify(['text', null, null]);
  const kinds = new Set(written.filter((one) => one !== bare));
  const [first] = mentions;
  const other = mentions[written.findIndex((one) => one !== written[0] && one !== bare)];
  if (kinds.size > 1 && first !== undefined && other !== undefined)
    remarks.changed(other.place, `Форма «${name}» описана в заметке по-разному; поле одно, по первому полному описанию.`, `The form “${name}” is defined in several ways in the note; there is one field, by the first full definition.`);
  else if (written.includes(bare) && kinds.size > 0 && first?.form.default !== null)
    remarks.changed(first?.place ?? {}, `Форма «${name}» в других местах стоит без начального значения, и там Zeppelin подставлял пустоту; теперь везде одно значение.`, `The form “${name}” stands elsewhere without its default, where Zeppelin put in nothing; now there is one value everywhere.`);
}

/** The field of a form that a program asks for. */
export function planCodeForm({ name, control, default: value, options, computed }: CodeForm, place: Place, remarks: Remarks): DraftField | null {
  const lose = (ru: string, en: string): null => {
    remarks.lost(place, ru, en);
    return null;
  };
  if (control === 'password') return lose(`Поле пароля «${name}» не перенесено: пароль не может быть значением формы.`, `The password form “${name}” is left out: a password cannot be a form’s value.`);
  const common = { name: fieldNameFor(name), label: name.trim() || fieldNameFor(name) };
  const text = typeof value === 'string' ? value : '';
  if (control === 'text') return { ...common, kind: looksOf(text) === 'date' ? 'date' : 'text', ...(text === '' ? {} : { default: text }) };
  const known = [...new Map(options.filter((option) => option.value !== '').map((option) => [option.value, option])).values()];
  if (known.length === 0) return lose(`Поле «${name}» не перенесено: его варианты вычисляла программа. Напишите options запросом.`, `The form “${name}” is left out: its options were computed by the program. Write options as a query.`);
  if (computed) remarks.guessed(place, `Варианты поля «${name}» вычисляла программа; взяты те, что были в последний раз. Лучше options запросом.`, `The options of “${name}” were computed by the program; those of the last run were taken. Options from a query are better.`);
  const isKnown = (one: string): boolean => known.some((option) => option.value === one);
  if (control === 'select') return { ...common, kind: 'choice', options: known, ...(isKnown(text) ? { default: text } : {}) };
  const chosen = Array.isArray(value) ? value.filter(isKnown) : [];
  return { ...common, kind: 'choices', options: known, required: false, ...(chosen.length > 0 ? { default: chosen } : {}) };
}

/** How a placeholder of a query is written. */
export function planLookup(query: QueryDraft, planned: Map<string, PlannedForm>): (placeholder: number) => Plan {
  return (index) => {
    const form = query.placeholders[index]?.form;
    const plan = form === undefined || isRefusal(form) ? undefined : planned.get(form.name.trim())?.plan;
    return plan ?? { how: 'none', label: '' };
  };
}
