import type { LocalText } from '../../shared/language.ts';
import type { Moments, Share } from '../../shared/statistics/index.ts';
import { formulaFault } from './cell-error.ts';
import { isBlank, numberIn, requiredNumber, wholeUsers } from './cell-number.ts';

/** Control and treatment as a formula gives them. */
export type TwoGroups = { of: 'shares'; control: Share; treatment: Share } | { of: 'means'; control: Moments; treatment: Moments };

/** Everything that a formula says after the groups. */
export interface Given {
  groups: TwoGroups;
  number: number | null;
  words: string[];
}

/** From this many cells on, an area is a column of users' values, one a user. */
const fewestValues = 4;

const groupNames: [LocalText, LocalText] = [
  { ru: 'Контроль', en: 'Control' },
  { ru: 'Тест', en: 'Treatment' },
];

/**
 * Reads the arguments of a comparison, one cell or area each: four figures (did it, users; the same of treatment), six
 * (mean, standard deviation, users), or two areas with a value per user; then, if the function takes them, a number and words.
 */
export function readGiven(areas: unknown[][][]): Given {
  const rest = areas.map((area) => area.flat());
  const words: string[] = [];
  while (rest.length > 0 && isWord(rest.at(-1))) words.unshift(String(rest.pop()?.[0]).trim().toLowerCase());
  const [first = [], second = []] = rest;
  if (rest.length <= 3 && first.length >= fewestValues && second.length >= fewestValues)
    return { groups: groupsOfValues(first, second), number: numberAfter(rest.slice(2).flat()), words };
  const cells = rest.flat();
  const size = cells.length >= 6 ? 6 : 4;
  if (cells.length < 4 || cells.length > size + 1) throw wrongCount(cells.length);
  return { groups: size === 4 ? shares(cells) : means(cells), number: numberAfter(cells.slice(size)), words };
}

function isWord(cells: unknown[] | undefined): boolean {
  const [only] = cells ?? [];
  return cells?.length === 1 && typeof only === 'string' && !isBlank(only) && numberIn(only) === null;
}

function numberAfter([value]: unknown[]): number | null {
  return isBlank(value) ? null : requiredNumber(value, { ru: 'Последний аргумент', en: 'The last argument' });
}

function shares(cells: unknown[]): TwoGroups {
  const group = (place: 0 | 1): Share => {
    const name = groupNames[place];
    const hits = wholeUsers(requiredNumber(cells[place * 2], part(name, 'сколько сделали', 'how many did it')), part(name, 'сколько сделали', 'how many did it'));
    const users = wholeUsers(requiredNumber(cells[place * 2 + 1], part(name, 'всего', 'users')), part(name, 'всего', 'users'));
    if (hits > users) throw formulaFault({ ru: `${name.ru}: сделали ${hits}, а всего ${users}. Сначала идёт сколько сделали, потом всего.`, en: `${name.en}: ${hits} did it, of ${users} users. First comes how many did it, then all users.` });
    return { hits, users };
  };
  return { of: 'shares', control: group(0), treatment: group(1) };
}

function means(cells: unknown[]): TwoGroups {
  const group = (place: 0 | 1): Moments => {
    const name = groupNames[place];
    const mean = requiredNumber(cells[place * 3], part(name, 'среднее', 'mean'));
    const deviation = requiredNumber(cells[place * 3 + 1], part(name, 'стандартное отклонение', 'standard deviation'));
    const users = wholeUsers(requiredNumber(cells[place * 3 + 2], part(name, 'всего', 'users')), part(name, 'всего', 'users'));
    if (deviation < 0) throw formulaFault({ ru: `${name.ru}: стандартное отклонение не бывает меньше нуля, а здесь ${deviation}.`, en: `${name.en}: a standard deviation is never below zero, this is ${deviation}.` });
    return { users, mean, m2: deviation * deviation * Math.max(0, users - 1) };
  };
  return { of: 'means', control: group(0), treatment: group(1) };
}

function groupsOfValues(first: unknown[], second: unknown[]): TwoGroups {
  const [control, treatment] = [valuesIn(first, groupNames[0]), valuesIn(second, groupNames[1])];
  const areFlags = [...control, ...treatment].every((value) => value === 0 || value === 1);
  if (!areFlags) return { of: 'means', control: moments(control), treatment: moments(treatment) };
  const share = (values: number[]): Share => ({ hits: values.filter((value) => value === 1).length, users: values.length });
  return { of: 'shares', control: share(control), treatment: share(treatment) };
}

/** Empty cells are no users, as in Excel's own statistics; text is a fault, for leaving it out would change the answer unseen. */
function valuesIn(cells: unknown[], name: LocalText): number[] {
  return cells.flatMap((value, place) => {
    if (isBlank(value)) return [];
    if (typeof value === 'boolean') return [Number(value)];
    return [requiredNumber(value, part(name, `ячейка ${place + 1}`, `cell ${place + 1}`))];
  });
}

function moments(values: number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { users: values.length, mean, m2: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

function part(name: LocalText, ru: string, en: string): LocalText {
  return { ru: `${name.ru}, ${ru}`, en: `${name.en}, ${en}` };
}

function wrongCount(count: number): CustomFunctions.Error {
  return formulaFault({
    ru: `Нужны 4 числа (сделали; всего – в контроле и в тесте), 6 чисел (среднее; стандартное отклонение; всего) или два столбца значений, а здесь ячеек: ${count}.`,
    en: `Four numbers are needed (did it; users – of control and treatment), six (mean; standard deviation; users), or two columns of values; there are ${count} cells.`,
  });
}
