import { describe, expect, it } from 'vitest';
import { sampleBrands } from '../../backend/sample/brands.ts';
import { oneTypoApart, otherLayout } from '../../backend/forms/letters.ts';
import { findOptions, searchable } from '../../backend/forms/search.ts';
import { sameText } from '../../shared/language.ts';

const brands = sampleBrands.map(({ name }, index) => searchable({ value: index + 1, label: sameText(name) }));
const names = (typed: string) => findOptions(brands, typed).map(({ label }) => label.ru);

describe('finding an option by what a person types', () => {
  it.each([
    ['лента', 'Лента'],
    ['ЛЕНТА', 'Лента'],
    ['lenta', 'Лента'],
    ['Летуаль', 'Letual'],
    ['letual', 'Letual'],
    ['пятерочка', 'Пятёрочка'],
    ['Пятёрочка', 'Пятёрочка'],
    ['pyaterochka', 'Пятёрочка'],
    ['piaterochka', 'Пятёрочка'],
    ['perekrestok', 'Перекрёсток'],
    ['елки', 'Ёлки-Палки'],
    ['yolki', 'Ёлки-Палки'],
    ['дикси', '«Дикси»'],
    ['diksi', '«Дикси»'],
    ['dixy', '«Дикси»'],
    ['магнт', 'Магнит'],
    ['магнти', 'Магнит'],
    ['магниит', 'Магнит'],
    ['мпгнит', 'Магнит'],
    ['спортмастре', 'Спортмастер'],
    ['ktynf', 'Лента'],
    ['дуегфд', 'Letual'],
    ['vfuybn', 'Магнит'],
    ['ашан гранд', 'Ашан Гранд'],
    ['гранд ашан', 'Ашан Гранд'],
    ['ашангранд', 'Ашан Гранд'],
    ["o'tasty", "O'Tasty"],
    ['otasty', "O'Tasty"],
    ['чай', 'Дом чая'],
    ['12', 'Лента'],
    ['24/7', 'Пицца 24/7'],
    ['100%', '100% Sport'],
  ])('%s finds %s', (typed, name) => {
    expect(names(typed)).toContain(name);
  });

  it.each(['лента', 'lenta', 'ktynf', 'letual', 'летуаль', 'магнт', 'пятерочка', 'pyaterochka'])('%s puts the meant brand first', (typed) => {
    const meant: Record<string, string> = { лента: 'Лента', lenta: 'Лента', ktynf: 'Лента', letual: 'Letual', летуаль: 'Letual', магнт: 'Магнит', пятерочка: 'Пятёрочка', pyaterochka: 'Пятёрочка' };
    expect(names(typed)[0]).toBe(meant[typed]);
  });

  it('puts the exact name before names that only begin so', () => {
    expect(names('ромашка').slice(0, 2)).toEqual(['Ромашка', 'Аптека «Ромашка»']);
  });

  it('keeps the order of the options when nothing is typed', () => {
    expect(names('  ')).toEqual(sampleBrands.map(({ name }) => name));
  });

  it.each(['ъъъъъъ', 'zzzzzz', 'щщ', "' OR 1=1 --", '%', '_', '\\', '😀'])('finds next to nothing for %s', (typed) => {
    expect(names(typed).length).toBeLessThan(5);
  });

  it('forgives no typo in words of three letters', () => {
    expect(findOptions([searchable({ value: 1, label: sameText('Кит') })], 'кот')).toEqual([]);
  });

  it('takes another digit for another number', () => {
    expect(findOptions([searchable({ value: '7700213841601325448', label: sameText('7700213841601325448') })], '7700113841601325448')).toEqual([]);
  });

  it('finds by the second line too', () => {
    expect(findOptions([searchable({ value: 1, label: sameText('Пуш'), hint: '15.11.2026' })], '15.11')).toHaveLength(1);
  });
});

describe('letters', () => {
  it.each([
    ['лента', 'лнета', true],
    ['лента', 'лент', true],
    ['лента', 'леннта', true],
    ['лента', 'ланта', true],
    ['лента', 'ланти', false],
    ['лента', 'лен', false],
    ['аб', 'ба', true],
    ['абв', 'вба', false],
    ['', '', true],
  ])('%s and %s are one typo apart: %s', (one, other, expected) => {
    expect(oneTypoApart(one, other)).toBe(expected);
    expect(oneTypoApart(other, one)).toBe(expected);
  });

  it('reads keys of the other layout both ways', () => {
    expect(otherLayout('ktynf')).toBe('лента');
    expect(otherLayout('Дуегфд')).toBe('letual');
    expect(otherLayout(otherLayout('хъжэбюё'))).toBe('хъжэбюё');
  });
});
