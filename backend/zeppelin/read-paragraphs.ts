import { lex } from '../template/index.ts';
import { findPlaceholders, isRefusal, oddities, type Placeholder } from './grammar/index.ts';
import { judgeInterpreter, type Interpreter } from './interpreters.ts';
import type { Note, Paragraph } from './note.ts';
import { readParagraphText } from './paragraph-header.ts';
import { lineAt, type Place, type Remarks } from './remark.ts';
import { slotsOf, type Slot } from './slots.ts';
import { markPlaceholders, Statement, statementsOf } from './statement.ts';

/** One query of a note, with its forms marked. */
export interface QueryDraft {
  paragraph: Paragraph;
  place: Place;
  interpreter: Interpreter;
  statement: Statement;
  slots: Slot[];
  placeholders: Placeholder[];
  /** Line of the paragraph that each placeholder stands on. */
  lines: (number | undefined)[];
  /** Name of the temporary table that it fills; later queries read it by that name. */
  table?: string;
}

export interface ScriptDraft {
  paragraph: Paragraph;
  place: Place;
  code: string;
}

export interface NoteParts {
  queries: QueryDraft[];
  scripts: ScriptDraft[];
  /** Text of md paragraphs. */
  words: string[];
}

/** Sorts a note's paragraphs into queries, scripts and words. What is none of these is remarked upon. */
export function readParagraphs(note: Note, remarks: Remarks): NoteParts {
  const parts: NoteParts = { queries: [], scripts: [], words: [] };
  for (const paragraph of note.paragraphs) if (paragraph.text.trim() !== '') readParagraph(paragraph, note, parts, remarks);
  return parts;
}

function readParagraph(paragraph: Paragraph, note: Note, parts: NoteParts, remarks: Remarks): void {
  const place: Place = { paragraph: paragraph.number, ...(paragraph.title === '' ? {} : { title: paragraph.title }), line: 1 };
  const lose = (ru: string, en: string): void => remarks.lost(place, ru, en);
  if (!paragraph.enabled) return lose('Параграф был выключен и не перенесён.', 'The paragraph was disabled and is left out.');
  const text = readParagraphText(paragraph.text);
  if (text === null) return lose('Настройки в скобках после имени интерпретатора не читаются.', 'The properties in parentheses after the interpreter’s name cannot be read.');
  const interpreter = judgeInterpreter(text, note.defaultInterpreter);
  if (text.script.trim() === '') return;
  if (interpreter.role === 'words') return void parts.words.push(readWords(text.script, place, remarks));
  if (text.properties.interpolate === 'true' && /\{\w+\}/.test(text.script)) return lose('Значения {имя} из z.put не переносятся: прочитайте их прежним шагом.', 'Values {name} from z.put are not carried over: read them from an earlier step.');
  if (interpreter.role === 'script') return readScript({ paragraph, place, code: text.script }, interpreter, parts, remarks);
  if (interpreter.role === 'none') return lose(`Интерпретатор ${interpreter.key} не переносится: задачи состоят из запросов SQL и программ на Python.`, `The interpreter ${interpreter.key} is not carried over: tasks consist of SQL queries and Python programs.`);
  if (interpreter.guessed) remarks.guessed(place, `Интерпретатор «${interpreter.key}» незнаком; параграф начинается как SQL и перенесён как запрос.`, `The interpreter “${interpreter.key}” is unknown; the paragraph begins like SQL and was taken for a query.`);
  readQueries({ paragraph, place, interpreter, text: text.script, firstLine: lineAt(paragraph.text, text.scriptStart) }, parts, remarks);
}

function readWords(script: string, place: Place, remarks: Remarks): string {
  const placeholders = findPlaceholders(script);
  if (placeholders.length > 0) remarks.changed(place, 'Формы в тексте стали их названиями: описание задачи не меняется от значений.', 'Forms in the text became their names: a task’s description does not change with its values.');
  const named = placeholders.reduceRight((text, { start, end, form }) => `${text.slice(0, start)}${isRefusal(form) ? '' : (form.label ?? form.name)}${text.slice(end)}`, script);
  return named
    .replace(/<[^<>]*>/g, ' ')
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replace(/^[ \t]*#{1,6}[ \t]+(.*?)[ \t]*$/gm, (_, heading: string) => (/[.!?:…]$/.test(heading) ? heading : `${heading}.`))
    .replace(/^[ \t]*(?:[-*+>]|\d+\.)[ \t]+/gm, '')
    .replace(/[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function readScript(draft: ScriptDraft, interpreter: Interpreter, parts: NoteParts, remarks: Remarks): void {
  const refused = interpreter.templates && findPlaceholders(draft.code).length > 0;
  if (refused) remarks.lost(draft.place, 'Формы ${…} внутри программы не переносятся: прочитайте поле как значение, а не как текст программы.', 'Forms ${…} inside a program are not carried over: read the field as a value, not as the program’s text.');
  else parts.scripts.push(draft);
}

interface QueryText {
  paragraph: Paragraph;
  place: Place;
  interpreter: Interpreter;
  text: string;
  /** Line of the paragraph on which `text` begins. */
  firstLine: number;
}

function readQueries({ paragraph, place, interpreter, text, firstLine }: QueryText, parts: NoteParts, remarks: Remarks): void {
  const placeAt = (offset: number): Place => ({ ...place, line: firstLine + lineAt(text, offset) - 1 });
  const braces = text.search(/\{\{/);
  if (braces !== -1) return remarks.lost(placeAt(braces), 'В запросе есть «{{»: у нас так пишутся поля. Уберите эти скобки и перенесите параграф сами.', 'The query holds “{{”, which is how fields are written here. Remove the braces and carry the paragraph over by hand.');
  const placeholders = interpreter.templates ? findPlaceholders(text) : [];
  if (!interpreter.templates && text.includes('${')) remarks.lost(place, 'Формы были выключены (form=native): «${» осталось в запросе как есть.', 'Forms were switched off (form=native): “${” stayed in the query as it is.');
  for (const placeholder of placeholders) {
    const { form, start } = placeholder;
    if (isRefusal(form)) return remarks.add({ kind: 'lost', ...placeAt(start), text: form.text });
    for (const { text: words } of oddities(placeholder)) remarks.add({ kind: 'changed', ...placeAt(start), text: { ru: `Форма «${form.name.trim()}». ${words.ru}`, en: `Form “${form.name.trim()}”. ${words.en}` } });
  }
  const marked = markPlaceholders(text, placeholders);
  const lines = placeholders.map(({ start }) => placeAt(start).line);
  for (const piece of statementsOf(marked.text)) {
    const at: Place = { ...place, line: firstLine + lineAt(marked.text, piece.start + startOfCode(piece.text)) - 1 };
    const query = selectOf(piece.text, at, remarks);
    if (query === null) continue;
    const statement = new Statement(query.text);
    const slots = slotsOf(statement, interpreter.doubleQuotedStrings);
    parts.queries.push({ paragraph, place: at, interpreter, statement, slots, placeholders, lines, ...(query.table === undefined ? {} : { table: query.table }) });
  }
}

function startOfCode(text: string): number {
  return lex(text).find(({ kind }) => kind !== 'space' && kind !== 'comment')?.start ?? 0;
}

/** The SELECT of a statement; a temporary table's is a step of its own. */
function selectOf(written: string, place: Place, remarks: Remarks): { text: string; table?: string } | null {
  const statement = new Statement(written);
  const words = statement.solid.slice(0, 12).map((_, index) => statement.at(index).toLowerCase());
  const [first = ''] = words;
  if (/^(select|with|\()$/.test(first)) return { text: withoutFormat(written, place, remarks) };
  const as = words.indexOf('as');
  const table = words.findIndex((word) => word === 'table' || word === 'view');
  const select = statement.token(as + 1);
  const name = /^[A-Za-z_]\w*$/.exec(statement.at(as - 1))?.[0];
  if (first === 'create' && table !== -1 && as > table && name !== undefined && select !== undefined && /^(select|with)$/.test(words[as + 1] ?? '')) {
    remarks.changed(place, `Таблица ${name}, которую создавал запрос, стала шагом; следующие запросы читают её как steps.`, `The table ${name}, which the query created, became a step; later queries read it as steps.`);
    return { text: written.slice(select.start), table: name };
  }
  remarks.lost(place, `Команда ${first.toUpperCase()} не перенесена: задача только читает.`, `The command ${first.toUpperCase()} is left out: a task only reads.`);
  return null;
}

function withoutFormat(written: string, place: Place, remarks: Remarks): string {
  const statement = new Statement(written);
  const last = statement.solid.length - 1;
  const start = statement.isWord(last - 1, /^format$/i) && statement.isWord(last, /^\w+$/) ? statement.token(last - 1)?.start : undefined;
  if (start === undefined) return written;
  remarks.changed(place, 'FORMAT в конце запроса убран: файл делает выгрузка.', 'FORMAT at the end of the query was removed: the download makes the file.');
  return written.slice(0, start);
}
