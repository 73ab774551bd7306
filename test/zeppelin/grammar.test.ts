import { describe, expect, test } from 'vitest';
import { expand, findPlaceholders, formsOf, oddities, readForm, splitOptions, type GivenValues } from '../../backend/zeppelin/grammar/index.ts';

/** Expected values: what Zeppelin's own `Input.java` answered (apache/zeppelin 904e9136), see the cases of its InputTest. */
const selectOptions = [{ value: 's_op1' }, { value: 's_op2' }, { value: 's_op3' }];
const newOptions = [{ value: 'nc_a' }, { value: 'nc_b' }, { value: 'nc_c' }];
const both = 'INPUT=${input_form=}SELECTED=${select_form(Selection Form)=,s_op1|s_op2|s_op3}\nCHECKED=${checkbox:checkbox_form=c_op1|c_op2,c_op1|c_op2|c_op3}';
const all = `${both}\nNEW_CHECKED=\${checkbox( and ):new_check=nc_a|nc_c,nc_a|nc_b|nc_c}`;
const given = { input_form: 'some_input', select_form: 's_op2', checkbox_form: ['c_op1', 'c_op3'] };
const inputAndSelect = [
  { control: 'text', name: 'input_form', default: '', hidden: false },
  { control: 'select', name: 'select_form', label: 'Selection Form', default: '', options: selectOptions, hidden: false },
];
const checked = (last: string) => ({ control: 'checkbox', name: 'checkbox_form', default: ['c_op1', 'c_op2'], options: [{ value: 'c_op1' }, { value: 'c_op2' }, { value: last }], hidden: false });
const newCheck = { control: 'checkbox', name: 'new_check', default: ['nc_a', 'nc_c'], delimiter: ' and ', options: newOptions, hidden: false };

interface Case {
  number: number;
  template: string;
  params?: GivenValues;
  forms: unknown[];
  output: string;
}

const upstream: Case[] = [
  { number: 1, template: '${input_form=}', forms: [{ control: 'text', name: 'input_form', default: '', hidden: false }], output: '' },
  { number: 2, template: '${input_form(Input Form)=xxx}', forms: [{ control: 'text', name: 'input_form', label: 'Input Form', default: 'xxx', hidden: false }], output: 'xxx' },
  { number: 3, template: '${password:my_pwd(My Password)}', forms: [{ control: 'password', name: 'my_pwd', label: 'My Password', default: '', hidden: false }], output: '' },
  {
    number: 4,
    template: '${select_form(Selection Form)=op1,op1|op2(Option 2)|op3}',
    forms: [{ control: 'select', name: 'select_form', label: 'Selection Form', default: 'op1', options: [{ value: 'op1' }, { value: 'op2', label: 'Option 2' }, { value: 'op3' }], hidden: false }],
    output: 'op1',
  },
  {
    number: 5,
    template: '${checkbox:checkbox_form=op1,op1|op2|op3}',
    forms: [{ control: 'checkbox', name: 'checkbox_form', default: ['op1'], options: [{ value: 'op1' }, { value: 'op2' }, { value: 'op3' }], hidden: false }],
    output: 'op1',
  },
  {
    number: 6,
    template: '${checkbox:checkbox_form(Checkbox Form)=op1|op3,op1(Option 1)|op2|op3}',
    forms: [{ control: 'checkbox', name: 'checkbox_form', label: 'Checkbox Form', default: ['op1', 'op3'], options: [{ value: 'op1', label: 'Option 1' }, { value: 'op2' }, { value: 'op3' }], hidden: false }],
    output: 'op1,op3',
  },
  {
    number: 7,
    template: '${checkbox:checkbox_form(Checkbox Form)=,op1(Option 1)|op2(Option 2)|op3(Option 3)}',
    forms: [
      {
        control: 'checkbox',
        name: 'checkbox_form',
        label: 'Checkbox Form',
        default: [],
        options: [{ value: 'op1', label: 'Option 1' }, { value: 'op2', label: 'Option 2' }, { value: 'op3', label: 'Option 3' }],
        hidden: false,
      },
    ],
    output: '',
  },
  { number: 8, template: both, params: given, forms: [...inputAndSelect, checked('c_op3')], output: 'INPUT=some_inputSELECTED=s_op2\nCHECKED=c_op1,c_op3' },
  { number: 9, template: all, params: given, forms: [...inputAndSelect, checked('c_op3'), newCheck], output: 'INPUT=some_inputSELECTED=s_op2\nCHECKED=c_op1,c_op3\nNEW_CHECKED=nc_a and nc_c' },
  {
    number: 10,
    template: all.replace('c_op1|c_op2|c_op3}', 'c_op1|c_op2|c_op3_new}'),
    params: given,
    forms: [...inputAndSelect, checked('c_op3_new'), newCheck],
    output: 'INPUT=some_inputSELECTED=s_op2\nCHECKED=c_op1\nNEW_CHECKED=nc_a and nc_c',
  },
  { number: 11, template: "INPUT='${input_form}'", forms: [{ control: 'text', name: 'input_form', default: null, hidden: false }], output: "INPUT=''" },
];

function outputOf(template: string, params: GivenValues = {}, note: GivenValues = {}): string {
  const expanded = expand(template, { paragraph: params, note });
  return 'output' in expanded ? expanded.output : `refused: ${expanded.refusal.code}`;
}

function onlyForm(template: string) {
  const [form, ...others] = formsOf(template, 'paragraph');
  expect(others).toEqual([]);
  return form;
}

describe('Zeppelin’s own test cases', () => {
  test.each(upstream)('case $number: $template', ({ template, params, forms, output }) => {
    expect(formsOf(template, 'paragraph')).toEqual(forms);
    expect(outputOf(template, params)).toBe(output);
  });
  test('the sentence of ParagraphTest has three text boxes, one of which looks like a select', () => {
    const forms = formsOf('My name is ${name} and I am ${age=20} years old. My occupation is ${ job = engineer | developer | artists}', 'paragraph');
    expect(forms.map(({ control, name, default: value }) => [control, name, value])).toEqual([['text', 'name', null], ['text', 'age', '20'], ['text', 'job', ' engineer | developer | artists']]);
  });
});

describe('which control a shape makes', () => {
  test('a comma makes a select, its absence a text box, whatever the pipes say', () => {
    expect(onlyForm('${country=US(United States)|UK|JP}')).toMatchObject({ control: 'text', default: 'US(United States)|UK|JP' });
    expect(onlyForm('${x=a,a|b}')).toMatchObject({ control: 'select', default: 'a' });
  });
  test('the first comma ends the default, later ones belong to an option', () => {
    expect(onlyForm('${ids=1,2,3}')).toMatchObject({ control: 'select', default: '1', options: [{ value: '2,3' }] });
    expect(onlyForm('${emails=a@b.c, d@e.f}')).toMatchObject({ control: 'select', default: 'a@b.c', options: [{ value: 'd@e.f' }] });
  });
  test('a checkbox without an equals sign has neither options nor a default', () => {
    expect(onlyForm('${checkbox:c}')).toEqual({ control: 'checkbox', name: 'c', default: null, hidden: false });
  });
  test('a password drops default and options', () => {
    expect(onlyForm('${password:p=x,a|b}')).toEqual({ control: 'password', name: 'p', default: '', hidden: false });
  });
  test.each(['${date:d=2021-01-01}', '${number:n=1}', '${Checkbox:c=a,a|b}', '${:x}', '${name(a:b)=1}'])('%s fails in Zeppelin, and is refused', (template) => {
    expect(outputOf(template)).toBe('refused: unknown_type');
    expect(formsOf(template, 'paragraph')).toEqual([]);
  });
  test('the colon of a label is blamed with the type that Zeppelin read', () => {
    expect(readForm('name(a:b)=1')).toMatchObject({ code: 'unknown_type', text: { en: expect.stringContaining('“a”') as string } });
  });
  test('a checkbox with a default and no comma is refused', () => expect(outputOf('${checkbox:c=a|b}')).toBe('refused: checkbox_without_options'));
  test('an equals sign in a delimiter breaks the form apart', () => {
    expect(onlyForm('${checkbox( AND brand_id = ):x=1|2,1|2}')).toMatchObject({ control: 'select', name: 'checkbox( AND brand_id', default: ' ):x=1|2', options: [{ value: '1' }, { value: '2' }] });
  });
});

describe('names, labels and options', () => {
  test('a name is trimmed only when it has no label', () => {
    expect(onlyForm('${ name (Label)=v}')).toMatchObject({ name: 'name ', label: 'Label' });
    expect(onlyForm('${ name }')).toMatchObject({ name: 'name' });
  });
  test('defaults keep their spaces, options all but the last', () => {
    expect(onlyForm('${inv= 100}')).toMatchObject({ default: ' 100' });
    expect(onlyForm('${x=a, a | b }')).toMatchObject({ options: [{ value: ' a ' }, { value: 'b' }] });
  });
  test('a label ends at its first parenthesis, and what follows it is lost', () => {
    expect(onlyForm('${x=a,a(One (1))|b(Two)rest}')).toMatchObject({ options: [{ value: 'a', label: 'One (1' }, { value: 'b', label: 'Two' }] });
  });
  test('an empty label swallows the rest of the list', () => expect(onlyForm('${x=a,a()|b}')?.options).toHaveLength(1));
  test('an empty label leaves the name as the label', () => expect(onlyForm('${x( )=a}')).toEqual({ control: 'text', name: 'x', default: 'a', hidden: false }));
  test('an apostrophe hides the pipes after it', () => expect(splitOptions("a|it's|d")).toEqual(['a', "it's|d"]));
  test('a backslash does not protect a pipe, and stays', () => expect(splitOptions('a|b\\|c')).toEqual(['a', 'b\\|c']));
  test('a backslash before a quote, comma or dollar goes', () => expect(splitOptions("it\\'s|b\\$c")).toEqual(["it's", 'b$c']));
  test('an empty option stays in the middle and goes at the end', () => {
    expect(splitOptions('a||b')).toEqual(['a', '', 'b']);
    expect(splitOptions('a|b|')).toEqual(['a', 'b']);
    expect(splitOptions('')).toEqual([]);
  });
  test('an empty default stands beside options that lack it', () => {
    expect(onlyForm('${x=,a|b}')).toMatchObject({ control: 'select', default: '', options: [{ value: 'a' }, { value: 'b' }] });
  });
  test('a form without a name, and one that is all value', () => {
    expect(onlyForm('${}')).toMatchObject({ name: '', default: null });
    expect(onlyForm('${=5}')).toMatchObject({ name: '=5', default: null });
  });
  test('pql is substituted and has no form', () => {
    expect(formsOf('${pql=1}', 'paragraph')).toEqual([]);
    expect(outputOf('${pql=1}')).toBe('1');
  });
  test('a long text of openings and spaces is read at once', () => {
    expect(formsOf('${'.repeat(20_000) + '}', 'paragraph')).toHaveLength(1);
    expect(readForm('('.repeat(20_000) + ' '.repeat(20_000) + ':x')).toMatchObject({ code: 'unknown_type' });
  });
});

describe('where placeholders stand', () => {
  test('an underscore hides the form and is swallowed; a second one stays', () => {
    expect(onlyForm('tbl_${suffix=1}')).toMatchObject({ name: 'suffix', hidden: true });
    expect(outputOf('tbl_${suffix=1}')).toBe('tbl1');
    expect(outputOf('slow_vertex_analysis__${dagName}', { dagName: 'dag_1' })).toBe('slow_vertex_analysis_dag_1');
  });
  test('comments, strings and a backslash before do not protect', () => expect(outputOf("-- ${a=1}\n'${b=2}' \\${c=3}")).toBe("-- 1\n'2' \\3"));
  test('of equal names the last defines the form, each keeps its own default', () => {
    expect(formsOf('${from=2021-01-01} ${to=x} ${from}', 'paragraph').map(({ name, default: value }) => [name, value])).toEqual([['from', null], ['to', 'x']]);
    expect(outputOf('${from=2021-01-01} … ${from}')).toBe('2021-01-01 … ');
  });
  test('notes and paragraphs have forms of their own', () => {
    const text = '$${n=1} ${p=2}';
    expect(formsOf(text, 'note').map(({ name }) => name)).toEqual(['n']);
    expect(formsOf(text, 'paragraph').map(({ name }) => name)).toEqual(['p']);
    expect(outputOf(text)).toBe('1 2');
    expect(outputOf(text, { n: 'not this', p: '3' }, { n: '4' })).toBe('4 3');
  });
  test('an opening without an end is text', () => expect(findPlaceholders('${a ${b')).toEqual([]));
});

describe('values', () => {
  test('an absent value takes the default, null is empty', () => {
    expect(outputOf('[${x=7}]')).toBe('[7]');
    expect(outputOf('[${x=7}]', { x: null })).toBe('[]');
    expect(outputOf('[${x}]')).toBe('[]');
  });
  test('checked values that are no options go, unless none is left', () => {
    expect(outputOf('${checkbox:c=a,a|b}', { c: ['b', 'zzz'] })).toBe('b');
    expect(outputOf('${checkbox:c=a,a|b}', { c: ['zzz'] })).toBe('zzz');
  });
  test('checked numbers are doubles to Java', () => expect(outputOf('${checkbox:c=1,1|2}', { c: [1, 2] })).toBe('1.0,2.0'));
  test('quotes come from the author: the delimiter makes the list', () => expect(outputOf("IN ('${checkbox(','):c=a|b,a|b|c}')")).toBe("IN ('a','b')"));
  test('a select takes any value', () => expect(outputOf('${x=a,a|b}', { x: '999; DROP TABLE t' })).toBe('999; DROP TABLE t'));
  test.each([
    ['a number for a text box', '${x}', { x: 5 }],
    ['a list for a text box', '${x}', { x: ['a'] }],
    ['a number for a select', '${x=a,a|b}', { x: 1 }],
  ])('%s fails in Zeppelin, and is refused', (_, template, params) => expect(outputOf(template, params)).toBe('refused: wrong_value'));
});

describe('values that Zeppelin would read again', () => {
  test.each(['100$', '$9', 'C:\\', 'a\\b', '$2', '$0', '\\${x}', '\\${y=7}', '$${n}'])('%s is refused', (value) => {
    expect(outputOf('${x}', { x: value })).toBe('refused: reads_value_again');
    expect(outputOf('$${x}', {}, { x: value })).toBe('refused: reads_value_again');
    expect(outputOf('${checkbox:x=a,a|b}', { x: [value] })).toBe('refused: reads_value_again');
  });
  test('so is a default, and a form that grows from pieces', () => {
    expect(outputOf('${x=5$}')).toBe('refused: reads_value_again');
    expect(outputOf('$$${n}', {}, { n: '{y}' })).toBe('refused: reads_value_again');
  });
  test('a value that ends in an underscore would hide its neighbour', () => {
    expect(outputOf('${a}${b=1}', { a: 'x_' })).toBe('refused: joins_neighbour');
    expect(outputOf('${a}-${b=1}', { a: 'x_' })).toBe('x_-1');
  });
  test('a form behind $_ takes the value of the next one', () => {
    expect(outputOf('$_${a=1} ${b=2}')).toBe('refused: misplaced');
    expect(outputOf('${a=1} $_${b=2}')).toBe('1 $_${b=2}');
  });
  test('a quote in a value is passed on as Zeppelin does: the text is for comparison, never for running', () => {
    expect(outputOf("WHERE a = '${x}'", { x: "' OR 1=1 --" })).toBe("WHERE a = '' OR 1=1 --'");
  });
});

test.each([
  ['${country=US|UK}', ['options_without_comma']],
  ['${ids=1,2,3}', ['commas_made_options']],
  ["${x=a,a|it's|d}", ['quote_swallows_options']],
  ['${x=a,a(One (1))|b}', ['label_cut']],
  ['${x= a}', ['spaces_kept']],
  ['t_${x=a}', ['underscore_swallowed']],
  ['${=5}', ['name_is_not_a_name']],
  ['${x(Label)=a,a(One)|b(Two)}', []],
])('what is odd about %s is said', (template, codes) => {
  expect(findPlaceholders(template).flatMap(oddities).map(({ code }) => code)).toEqual(codes);
});
