import { lex } from '../template/index.ts';
import type { Form } from './grammar/index.ts';
import type { DraftField, DraftOption, Mention, Plan } from './plan.ts';
import type { Remarks } from './remark.ts';
import { decimalsOf, isPlainNumber, listItems, looksOf, namesDate, namesDateColumn, periodEnd, unquoted, type Look } from './values.ts';

/** Decides what becomes of one form, from all its mentions in a note. */
export function choosePlan(name: string, mentions: Mention[], remarks: Remarks): Plan {
  const form = definition(mentions);
  const label = mentions.map((mention) => mention.form.label?.trim()).find((text) => text !== undefined && text !== '') ?? (form.name.trim() || name);
  const live = mentions.filter(({ slot }) => slot.clause !== 'comment');
  const [first] = live;
  if (first === undefined) return { how: 'none', label };
  return new Planner(name, label, form, live, first, remarks).plan();
}

/** What the field is made from: of several definitions the first that has options, otherwise the first with a default. */
function definition(mentions: Mention[]): Form {
  const forms = mentions.map(({ form }) => form);
  const found = forms.find(({ options }) => options !== undefined) ?? forms.find((form) => form.default !== null && form.default !== '') ?? forms[0];
  return found ?? { control: 'text', name: '', default: null, hidden: false };
}

class Planner {
  private readonly texts: string[];
  private readonly looks: Set<Look>;
  private hadEmptyOption = false;

  constructor(
    private readonly name: string,
    private readonly label: string,
    private readonly form: Form,
    private readonly mentions: Mention[],
    private readonly first: Mention,
    private readonly remarks: Remarks,
  ) {
    const written = [this.form.default ?? '', ...(this.form.options ?? []).map(({ value }) => value)].flat();
    const last = this.form.options === undefined ? this.mentions.map((mention) => mention.last ?? '') : [];
    this.texts = [...written, ...last].filter((text) => text.trim() !== '');
    this.looks = new Set(this.texts.map(looksOf));
  }

  plan(): Plan {
    const { control } = this.form;
    if (control === 'password') return lost('Поле пароля: пароль не может быть значением формы. Опишите подключение в sources.yaml.', 'A password form: a password cannot be a form’s value. Describe the connection in sources.yaml.');
    const asText = this.mentions.filter((mention) => this.isText(mention));
    if (asText.length > 0 && asText.length < this.mentions.length)
      return lost('Форма стоит и на месте имени или части запроса, и на месте значения: одно поле не может быть и тем и другим. Заведите два поля.', 'The form stands both for a name or a piece of the query and for a value: one field cannot be both. Make two fields.');
    if (asText.length > 0) return this.allowList();
    const inLists = this.mentions.every(({ slot }) => slot.clause === 'in' && slot.pieces.length === 1);
    if (control === 'checkbox') return this.checkbox(inLists);
    if (control === 'select' && !(inLists && this.isFakeSelect())) return this.select();
    return inLists ? this.list() : this.scalar();
  }

  private field(kind: DraftField['kind'], more: Partial<DraftField> = {}): DraftField {
    return { name: this.name, kind, label: this.label, ...(this.hadEmptyOption ? { hadEmptyOption: true } : {}), ...more };
  }

  /** Whether the text itself becomes a piece of the query, not a value in it. */
  private isText({ slot }: Mention): boolean {
    if (slot.quoted) return false;
    const isValue = this.texts.every((text) => looksOf(text) !== 'word');
    switch (slot.clause) {
      case 'table':
      case 'joined':
      case 'name':
        return true;
      case 'item':
      case 'fragment':
        return !(this.form.control === 'text' && isValue && this.texts.length > 0);
      case 'in':
        return !this.texts.every((text) => listItems(text).every((item) => looksOf(item) !== 'word' || text.includes("'")));
      case 'operand':
      case 'argument':
      case 'count':
        return !isValue;
      case 'comment':
        return false;
    }
  }

  private allowList(): Plan {
    const { control, delimiter } = this.form;
    const isMany = control === 'checkbox';
    if (isMany && delimiter !== undefined && delimiter.trim() !== ',')
      return lost(`Флажки соединялись через «${delimiter}»: так можно соединять только условия, а их собирает автор задачи. Напишите по полю на условие и возьмите их в [[ … ]].`, `The checked options were joined by “${delimiter}”: such pieces of a query cannot be put together from a form. Write one field a condition and put each into [[ … ]].`);
    if (isMany && this.mentions.some(({ slot }) => slot.clause === 'table' || slot.clause === 'joined' || slot.clause === 'name'))
      return lost('Флажки стоят на месте одного имени: несколько имён туда не подставить.', 'Checkboxes stand for a single name: several cannot be put there.');
    const written = this.form.options ?? (typeof this.form.default === 'string' && this.form.default.trim() !== '' ? [{ value: this.form.default }] : []);
    const isName = this.mentions.every(({ slot }) => slot.clause === 'name');
    const options = this.options(written, (value) => (isName ? `"${value.replaceAll('"', '')}"` : value)).filter((option) => this.isWholeSql(option));
    if (options.length === 0)
      return lost(
        'Форма стоит на месте имени или части запроса, а вариантов в заметке нет. Значение человека не может стать текстом запроса: перечислите варианты сами (options с sql).',
        'The form stands for a name or a piece of the query, and the note lists no options. What a person types cannot become query text: list the options yourself (options with sql).',
      );
    if (control === 'text')
      this.remarks.guessed(this.first.place, `Поле «${this.label}» принимало любое имя, теперь — только «${options[0]?.value ?? ''}». Допишите остальные варианты.`, `The field “${this.label}” took any name, now only “${options[0]?.value ?? ''}”. Add the other options.`);
    else this.remarks.changed(this.first.place, `Поле «${this.label}» подставляет в запрос текст: теперь — только текст из списка вариантов.`, `The field “${this.label}” puts text into the query: now only the text of its listed options.`);
    return { how: 'sql', field: this.field(isMany ? 'choices' : 'choice', { options, ...this.chosen(options, isMany) }) };
  }

  /** Options as they will be bound, without quotes and repeats. An empty one means nothing here. */
  private options(written: { value: string; label?: string }[], sql?: (value: string) => string): DraftOption[] {
    const found = new Map<string, DraftOption>();
    const scalar = sql === undefined ? this.optionScalar() : 'string';
    for (const { value, label } of written) {
      const plain = sql === undefined ? unquoted(value) : value.trim();
      if (plain === '') this.hadEmptyOption = true;
      else if (!found.has(plain)) found.set(plain, { value: scalar !== 'string' && isPlainNumber(plain) ? Number(plain) : plain, label: label?.trim() || plain, ...(sql === undefined ? {} : { sql: sql(plain) }) });
    }
    return [...found.values()];
  }

  private isWholeSql({ sql = '', label }: DraftOption): boolean {
    const tokens = lex(sql);
    const marks = tokens.filter(({ kind }) => kind === 'mark').map(({ start }) => sql.charAt(start));
    const balanced = marks.filter((mark) => mark === '(').length === marks.filter((mark) => mark === ')').length && marks.filter((mark) => mark === '[').length === marks.filter((mark) => mark === ']').length;
    const isWhole = balanced && !marks.includes(';') && tokens.every(({ kind, closed }) => closed && kind !== 'comment' && kind !== 'field');
    if (!isWhole) this.remarks.lost(this.first.place, `Вариант «${label}» поля «${this.label}» не перенесён: это не цельный кусок SQL.`, `The option “${label}” of “${this.label}” was left out: it is no whole piece of SQL.`);
    return isWhole;
  }

  /** The default, as far as the options have it. */
  private chosen(options: DraftOption[], isMany: boolean): Pick<DraftField, 'default'> {
    const wanted = [this.form.default ?? []].flat().map((text) => unquoted(text)).filter((text) => text !== '');
    const found = wanted.flatMap((text) => options.find(({ value }) => String(value) === text)?.value ?? []);
    if (found.length < wanted.length)
      this.remarks.changed(this.first.place, `Начального значения поля «${this.label}» нет среди вариантов: форма откроется без него.`, `The default of “${this.label}” is not among its options: the form opens without it.`);
    const [one] = found;
    if (one === undefined) return {};
    return { default: isMany ? found : one };
  }

  private optionScalar(): 'string' | 'integer' | 'decimal' {
    const isQuoted = this.mentions.some(({ slot }) => slot.quoted);
    const values = (this.form.options ?? []).map(({ value }) => value.trim()).filter((value) => value !== '');
    if (isQuoted || values.length === 0 || !values.every((value) => looksOf(value) === 'number')) return 'string';
    return values.some((value) => value.includes('.')) ? 'decimal' : 'integer';
  }

  /** `scalar` is written where the options alone would be bound as something else. */
  private scalarOf(options: DraftOption[]): Pick<DraftField, 'scalar'> {
    const scalar = this.optionScalar();
    return scalar !== 'string' && options.some(({ value }) => typeof value === 'string') ? { scalar } : {};
  }

  private checkbox(inLists: boolean): Plan {
    if (!inLists) return lost('Флажки стоят не в скобках IN (…): несколько значений можно сравнить только так.', 'Checkboxes stand outside the parentheses of IN (…): several values can only be compared there.');
    const options = this.options(this.form.options ?? []);
    if (options.length === 0) return lost('У флажков нет вариантов.', 'The checkboxes have no options.');
    const { delimiter } = this.form;
    if (this.first.slot.quoted && delimiter?.replace(/\s/g, '') !== "','")
      this.remarks.changed(this.first.place, `Поле «${this.label}»: у Zeppelin несколько отмеченных значений сливались в одну строку, теперь это список.`, `The field “${this.label}”: Zeppelin ran several checked values together into one string, now they are a list.`);
    return { how: 'list', field: this.field('choices', { options, ...this.scalarOf(options), ...this.chosen(options, true) }) };
  }

  private select(): Plan {
    const options = this.options(this.form.options ?? []);
    if (options.length === 0) return lost('У списка нет вариантов.', 'The select has no options.');
    return { how: 'value', field: this.field('choice', { options, ...this.scalarOf(options), ...this.chosen(options, false) }) };
  }

  /** `${ids=1,2,3}`: a text box that a comma turned into a select of one option. */
  private isFakeSelect(): boolean {
    return this.form.options?.length === 1 && this.form.options[0]?.label === undefined;
  }

  private list(): Plan {
    const written = [this.form.default ?? '', ...(this.form.options ?? []).map(({ value }) => value)].flat().join(',');
    const items = listItems(written);
    const evidence = items.length > 0 ? items : this.mentions.flatMap(({ last }) => listItems(last ?? ''));
    const isString = this.first.slot.quoted || written.includes("'") || this.mentions.some(({ last }) => last?.includes("'") === true) || !evidence.every((item) => /^-?\d{1,18}$/.test(item));
    if (evidence.length === 0 && !isString) this.remarks.guessed(this.first.place, `Поле «${this.label}» — список целых чисел: так оно стоит в IN (…). Если это строки, уберите scalar.`, `The field “${this.label}” is a list of whole numbers, as it stands in IN (…). If they are texts, remove scalar.`);
    this.remarks.changed(this.first.place, `Поле «${this.label}» стоит в IN (…): теперь это список, по значению в строке, без кавычек и запятых.`, `The field “${this.label}” stands in IN (…): it is now a list, one value a line, without quotes and commas.`);
    return { how: 'list', field: this.field('list', { ...(isString ? {} : { scalar: 'integer' }), ...(items.length > 0 ? { default: items } : {}) }) };
  }

  private scalar(): Plan {
    const kind = this.scalarKind();
    const text = typeof this.form.default === 'string' ? unquoted(this.form.default) : '';
    if (kind === 'number') {
      const decimals = Math.max(0, ...this.texts.map(decimalsOf));
      return { how: 'value', field: this.field('number', { ...(decimals > 0 ? { decimals: Math.min(decimals, 12) } : {}), ...(text === '' ? {} : { default: isPlainNumber(text) ? Number(text) : text }) }) };
    }
    return { how: 'value', field: this.field(kind, text.trim() === '' ? {} : { default: text }) };
  }

  private scalarKind(): 'text' | 'number' | 'date' | 'month' {
    const { place, slot } = this.first;
    const isLike = this.mentions.some((mention) => mention.slot.operator === 'like');
    const only = (look: Look): boolean => this.looks.size === 1 && this.looks.has(look);
    const isMoment = this.mentions.some((mention) => mention.slot.pieces.some((piece) => typeof piece === 'string' && /\d\d:\d\d/.test(piece)));
    if (only('date') && isMoment)
      this.remarks.guessed(place, `К полю «${this.label}» запрос приписывает время; сравнение осталось тем же. Проще и верно в поясе компании: {{поле.start}} и {{поле.end}} без приписанного времени.`, `The query adds a time to “${this.label}”; the comparison is as it was. Simpler, and right in the company’s time zone: {{field.start}} and {{field.end}} without a time added.`);
    if (only('date') && !isLike) {
      if (!slot.quoted && !this.texts.some((text) => text.includes("'"))) this.remarks.changed(place, `Поле «${this.label}»: дата стояла без кавычек, движок считал её вычитанием. Теперь это дата.`, `The field “${this.label}”: the date stood without quotes and the engine took it for a subtraction. It is a date now.`);
      else this.remarks.guessed(place, `Поле «${this.label}» — дата, по значению.`, `The field “${this.label}” is a date, by its value.`);
      return 'date';
    }
    if (only('month')) {
      this.remarks.guessed(place, `Поле «${this.label}» — месяц, по значению.`, `The field “${this.label}” is a month, by its value.`);
      return 'month';
    }
    if (this.looks.has('moment')) this.remarks.guessed(place, `Поле «${this.label}» содержит дату со временем и осталось текстом. Если хватит дня, сделайте его датой.`, `The field “${this.label}” holds a day with a time and stayed a text. If the day is enough, make it a date.`);
    if (!this.mentions.some((mention) => mention.slot.quoted) && (only('number') || this.looks.size === 0)) return this.bareKind();
    if (this.looks.size === 0 && this.isDateByNeighbours()) {
      this.remarks.guessed(place, `Поле «${this.label}» — дата: так говорят имя и столбец рядом. Если это текст, напишите kind: text.`, `The field “${this.label}” is a date, by its name and the column beside it. If it is a text, write kind: text.`);
      return 'date';
    }
    return 'text';
  }

  private bareKind(): 'number' | 'date' | 'text' {
    const { place, slot } = this.first;
    if (this.looks.size === 0 && this.isDateByNeighbours() && /date/.test(slot.call ?? '')) return 'date';
    if (this.texts.some((text) => /\d{19}/.test(text))) {
      this.remarks.guessed(place, `Поле «${this.label}» — текст: в числе больше 18 цифр, так пишут номера карт.`, `The field “${this.label}” is a text: the number has over 18 digits, as card numbers do.`);
      return 'text';
    }
    if (this.looks.size === 0) this.remarks.guessed(place, `Поле «${this.label}» — целое число: оно стояло без кавычек.`, `The field “${this.label}” is a whole number: it stood without quotes.`);
    return 'number';
  }

  private isDateByNeighbours(): boolean {
    const names = [this.form.name, this.label];
    return this.mentions.every(({ slot }) => {
      const isRange = slot.operator !== undefined && slot.operator !== 'like' && slot.operator !== '!=';
      const byColumn = slot.column !== undefined && namesDateColumn(slot.column.text);
      const byName = names.some((name) => namesDate(name) || (periodEnd(name) !== null && slot.operator !== '='));
      return (/^(todate|todatetime|date)/.test(slot.call ?? '') && byName) || (isRange && byColumn && (byName || slot.operator !== '=')) || (isRange && byName && names.some(namesDate));
    });
  }
}

function lost(ru: string, en: string): Plan {
  return { how: 'lost', reason: { ru, en } };
}
