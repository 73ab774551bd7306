import { parseTemplate, lex } from '../template/index.ts';
import { readCodeForms } from './code-forms.ts';
import { latinWords, stepNameFor, taskIdFor, unique } from './names.ts';
import type { Note } from './note.ts';
import { makeOptional } from './optional.ts';
import type { PlannedForm } from './periods.ts';
import type { DraftField } from './plan.ts';
import { planCodeForm, planForms, planLookup } from './plan-forms.ts';
import { readParagraphs, type QueryDraft, type ScriptDraft } from './read-paragraphs.ts';
import { Remarks, type Place, type Remark } from './remark.ts';
import { rewrite } from './rewrite.ts';
import { chooseSource, type SourceChoice } from './source-names.ts';
import { writeTask, type DraftScript, type DraftStep, type DraftTask } from './task-file.ts';

export interface ImportOptions extends SourceChoice {
  group: string;
  /** Address of the tasks' owner; guessed from the note when absent. */
  owner?: string;
}

export interface ImportedNote {
  /** The task's id; absent when nothing could be carried over. */
  id?: string;
  /** By path inside the catalog: the task and, if there is one, its program. */
  files: Map<string, string>;
  steps: number;
  fields: number;
  /** Names of the sources that it reads. */
  sources: string[];
  remarks: Remark[];
}

/** Makes a task of a note. `taken` holds the ids of the same import. */
export function importNote(note: Note, options: ImportOptions, taken: Set<string>): ImportedNote {
  const remarks = new Remarks();
  const parts = readParagraphs(note, remarks);
  const planned = planForms(parts.queries, note.noteParams, remarks);
  const { steps, fields } = makeSteps(parts.queries, planned, options, remarks);
  if (steps.length === 0 && parts.scripts.length === 0) {
    remarks.lost({}, 'Ни один параграф не перенесён: задачи нет.', 'No paragraph was carried over: there is no task.');
    return { files: new Map(), steps: 0, fields: 0, sources: [], remarks: remarks.all() };
  }
  const id = unique(taskIdFor(note.name, note.id), taken, '-');
  const script = makeScript({ id, note, scripts: parts.scripts, steps, fields }, remarks);
  sayGeneral(note, fields, options, remarks);
  const task: DraftTask = {
    title: note.name,
    description: describe(note, parts.words),
    group: options.group,
    owner: options.owner ?? ownerOf(note) ?? 'unknown',
    fields,
    steps,
    ...(script === undefined ? {} : { script: script.step }),
  };
  const files = new Map([[`tasks/${id}.sql`, writeTask(task)], ...(script === undefined ? [] : [[`tasks/${script.step.path}`, script.code] as const])]);
  return { id, files, steps: steps.length + (script === undefined ? 0 : 1), fields: fields.length, sources: [...new Set(steps.map(({ source }) => source))], remarks: remarks.all() };
}

interface MadeSteps {
  steps: DraftStep[];
  fields: DraftField[];
}

function makeSteps(queries: QueryDraft[], planned: Map<string, PlannedForm>, options: ImportOptions, remarks: Remarks): MadeSteps {
  const names = new Set<string>();
  const tables = new Map<string, string>();
  const steps: DraftStep[] = [];
  for (const query of queries) {
    const { name: source, dialect, guessed } = chooseSource(query.interpreter, options);
    const planOf = planLookup(query, planned);
    if (saysLost(query, planOf, remarks)) continue;
    const body = readTables(rewrite(query.statement.text, query.slots, { planOf, dialect }), tables);
    if (saysFaults(body, query.place, remarks)) continue;
    if (guessed) remarks.guessed({}, `Интерпретатор ${query.interpreter.key} → источник ${source}. Если это другой, повторите с --source "${query.interpreter.key}=ИМЯ".`, `Interpreter ${query.interpreter.key} → source ${source}. If it is another one, repeat with --source "${query.interpreter.key}=NAME".`);
    const name = unique(query.table === undefined ? stepNameFor(query.paragraph.title, query.paragraph.number) : stepNameFor(query.table, query.paragraph.number), names, '_');
    if (query.table !== undefined) tables.set(query.table.toLowerCase(), name);
    steps.push({ name, title: query.paragraph.title || `${query.paragraph.number}`, paragraph: query.paragraph.number, source, body });
  }
  const used = usedFields(steps, planned);
  const { texts, optional } = makeOptional(steps.map(({ body }) => body), used);
  for (const field of used) sayEmptiness(field, optional.includes(field), planned, remarks);
  return { steps: steps.map((step, index) => ({ ...step, body: texts[index] ?? step.body })), fields: used.map((field) => (optional.includes(field) ? { ...field, required: false as const } : field)) };
}

/** Fields that the steps mention, in the note's order. */
function usedFields(steps: DraftStep[], planned: Map<string, PlannedForm>): DraftField[] {
  const fields = new Set([...planned.values()].flatMap(({ plan }) => ('field' in plan ? [plan.field] : [])));
  return [...fields].filter(({ name }) => steps.some(({ body }) => new RegExp(`\\{\\{${name}[.}]`).test(body)));
}

function sayEmptiness(field: DraftField, isOptional: boolean, planned: Map<string, PlannedForm>, remarks: Remarks): void {
  const place = [...planned.values()].find(({ plan }) => 'field' in plan && plan.field === field)?.mentions[0]?.place ?? {};
  if (isOptional) remarks.changed(place, `Поле «${field.label}» можно не заполнять: условие взято в [[ … ]] и тогда не действует.`, `The field “${field.label}” may stay empty: its condition is in [[ … ]] and then has no effect.`);
  else if (field.hadEmptyOption === true)
    remarks.lost(place, `Пустой вариант поля «${field.label}» не перенесён. Если поле можно не заполнять, напишите required: false и возьмите условие в [[ … ]].`, `The empty option of “${field.label}” was left out. If the field may stay empty, write required: false and put the condition into [[ … ]].`);
}

function saysLost(query: QueryDraft, planOf: ReturnType<typeof planLookup>, remarks: Remarks): boolean {
  const plans = query.slots.filter(({ clause }) => clause !== 'comment').flatMap(({ pieces }) => pieces.flatMap((piece) => (typeof piece === 'number' ? [{ piece, plan: planOf(piece) }] : [])));
  const found = plans.flatMap(({ piece, plan }) => (plan.how === 'lost' ? [{ piece, reason: plan.reason }] : []));
  for (const { piece, reason } of found) {
    const form = query.placeholders[piece]?.form;
    const name = form !== undefined && 'name' in form ? form.name.trim() : '';
    remarks.lost({ ...query.place, line: query.lines[piece] }, `Запрос не перенесён из-за формы «${name}». ${reason.ru}`, `The query was left out because of the form “${name}”. ${reason.en}`);
  }
  return found.length > 0;
}

function saysFaults(body: string, place: Place, remarks: Remarks): boolean {
  const { faults } = parseTemplate(body);
  for (const { message, advice } of faults) remarks.lost(place, `Запрос не перенесён: ${message} — ${advice}.`, `The query was left out: ${message} — ${advice}.`);
  return faults.length > 0;
}

const notAliases = /^(where|on|using|join|left|right|inner|full|cross|any|all|asof|global|group|order|limit|having|union|final|sample|prewhere|array|settings|except|intersect|window|offset|qualify)$/i;

/** Reads temporary tables by the steps that they became. */
function readTables(body: string, tables: Map<string, string>): string {
  if (tables.size === 0) return body;
  const solid = lex(body).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const textAt = (at: number): string => body.slice(solid[at]?.start ?? body.length, solid[at]?.end ?? body.length);
  return solid.reduceRight((written, { kind, start, end }, at) => {
    const step = kind === 'word' && textAt(at - 1) !== '.' && /^(from|join)$/i.test(textAt(at - 1)) ? tables.get(textAt(at).toLowerCase()) : undefined;
    if (step === undefined || textAt(at + 1) === '.') return written;
    const hasAlias = solid[at + 1]?.kind === 'word' && !notAliases.test(textAt(at + 1));
    return `${written.slice(0, start)}steps.${step}${hasAlias ? '' : ` AS ${textAt(at)}`}${written.slice(end)}`;
  }, body);
}

interface ScriptParts {
  id: string;
  note: Note;
  scripts: ScriptDraft[];
  steps: DraftStep[];
  /** Fields of the script are added to these. */
  fields: DraftField[];
}

/** Python paragraphs shared one session, so they are one program. */
function makeScript({ id, note, scripts, steps, fields }: ScriptParts, remarks: Remarks): { step: DraftScript; code: string } | undefined {
  const [first] = scripts;
  if (first === undefined) return undefined;
  for (const { paragraph, place, code } of scripts)
    for (const form of readCodeForms(code, paragraph.forms)) {
      const field = planCodeForm(form, place, remarks);
      if (field !== null && !fields.some(({ name }) => name === field.name)) fields.push(field);
    }
  const taken = new Set(steps.map(({ name }) => name));
  const title = scripts.length === 1 ? first.paragraph.title : '';
  const name = unique(scripts.length === 1 ? stepNameFor(title, first.paragraph.number) : 'script', taken, '_');
  const numbers = scripts.map(({ paragraph }) => paragraph.number).join(', ');
  if (scripts.length > 1) remarks.changed(first.place, `Параграфы на Python (${numbers}) работали в одной сессии и стали одной программой.`, `The Python paragraphs (${numbers}) shared one session and became one program.`);
  remarks.changed(
    first.place,
    'Программа перенесена как есть. Замените в ней z.input, z.select и другие на значения полей, чтение из базы — на таблицы прежних шагов, а в конце верните таблицу (как — в документации шагов на Python).',
    'The program is carried over as it is. In it, replace z.input, z.select and the like by the fields’ values, reading from databases by the tables of earlier steps, and return a table at the end (the docs of Python steps say how).',
  );
  const file = `${id}/${latinWords(name).join('_').toLowerCase()}.py`;
  const code = scripts.map(({ paragraph, code: text }) => `# Zeppelin: ${note.name.replace(/\s+/g, ' ')}, ${paragraph.number}\n${text.trim()}\n`).join('\n');
  return { step: { name, title: title || note.name, path: file }, code };
}

function sayGeneral(note: Note, fields: DraftField[], { owner }: ImportOptions, remarks: Remarks): void {
  remarks.changed({}, 'Название, подписи и описание повторены на обоих языках: переведите их.', 'Title, labels and description stand alike in both languages: translate them.');
  if (owner === undefined) remarks.guessed({}, `Владелец — ${ownerOf(note) ?? 'unknown'}: укажите адрес (owner или --owner).`, `The owner is ${ownerOf(note) ?? 'unknown'}: write an address (owner, or --owner).`);
  if (note.cron !== '') remarks.lost({}, `Расписание «${note.cron}» не перенесено: опишите его в schedules/.`, `The schedule “${note.cron}” is left out: describe it in schedules/.`);
  const required = fields.filter(({ kind, default: value, required: needed }) => kind !== 'dateRange' && value === undefined && needed === undefined);
  if (required.length > 0) {
    const labels = required.map(({ label }) => `«${label}»`).join(', ');
    remarks.changed({}, `Обязательны для заполнения: ${labels}. У Zeppelin их можно было оставить пустыми.`, `Must be filled in: ${labels}. Zeppelin let them stay empty.`);
  }
}

function ownerOf({ paragraphs }: Note): string | undefined {
  const users = paragraphs.map(({ user }) => user.trim()).filter((user) => user !== '' && user !== 'anonymous' && user !== 'admin');
  return users.find((user) => user.includes('@')) ?? users[0];
}

const longestDescription = 600;

function describe({ name }: Note, words: string[]): DraftTask['description'] {
  const title = `${name}. `;
  const text = words.map((one) => (`${one} `.startsWith(title) ? one.slice(title.length).trim() : one)).filter((one) => one !== '').join(' ');
  const short = text.length <= longestDescription ? text : `${text.slice(0, longestDescription).replace(/\s+\S*$/, '')}…`;
  return short === '' ? { ru: `Перенесено из заметки Zeppelin «${name}».`, en: `Imported from the Zeppelin note “${name}”.` } : { ru: short, en: short };
}
