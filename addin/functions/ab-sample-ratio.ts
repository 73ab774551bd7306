import { formulaFault, notComputable } from './cell-error.ts';
import { isBlank, requiredNumber, wholeUsers } from './cell-number.ts';
import { compute } from './statistics.ts';

/**
 * Проверка размеров групп: p-значение. Меньше 0,001 – деление сломано, сравнивать нельзя. Check of the groups' sizes: below 0.001 the split is broken.
 * @customfunction AB.SRM AB.SRM
 * @param sizes Сколько пользователей в каждой группе: две ячейки или больше. Users of each group: two cells or more.
 * @param [shares] Задуманные доли групп (0,5 и 0,5 или 50 и 50); без них – поровну. Planned shares; equal when left out.
 * @returns От 0 до 1. From 0 to 1.
 */
export function sampleRatio(sizes: unknown[][], shares?: unknown[][]): Promise<number> {
  return compute((statistics) => {
    const users = sizes.flat().map((value, place) => wholeUsers(requiredNumber(value, { ru: `Размер группы ${place + 1}`, en: `Size of group ${place + 1}` }), { ru: `Размер группы ${place + 1}`, en: `Size of group ${place + 1}` }));
    const given = Array.isArray(shares) ? shares.flat() : [];
    const planned = given.every(isBlank) ? users.map(() => 1) : given.map(share);
    if (users.length < 2) throw formulaFault({ ru: 'Нужны размеры хотя бы двух групп – диапазоном.', en: 'The sizes of at least two groups are needed, as an area.' });
    if (planned.length !== users.length) throw formulaFault({ ru: `Групп ${users.length}, а долей ${planned.length}.`, en: `There are ${users.length} groups and ${planned.length} shares.` });
    const groups = users.map((size, place) => ({ users: size, share: planned[place] ?? 0 }));
    const read = statistics.sampleRatio(groups);
    if (read === null) throw notComputable({ ru: 'Проверить нельзя: в группах никого нет или долю имеет меньше двух групп.', en: 'There is nothing to check: the groups are empty, or fewer than two have a share.' });
    if (read.leaked > 0) return statistics.smallestPValue;
    if (read.state === 'tooFew') throw notComputable({ ru: 'Пользователей слишком мало: в каждой группе должно ожидаться хотя бы 5.', en: 'There are too few users: at least 5 should be expected in each group.' });
    return read.pValue;
  });
}

function share(value: unknown, place: number): number {
  const read = requiredNumber(value, { ru: `Доля группы ${place + 1}`, en: `Share of group ${place + 1}` });
  if (read < 0) throw formulaFault({ ru: `Доля группы ${place + 1} меньше нуля.`, en: `The share of group ${place + 1} is below zero.` });
  return read;
}
