import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { CastType } from '../../shared/cast-type.ts';
import { withCasts } from './cast-types.ts';
import type { StoredColumn } from './workbench.ts';

/** Key of the hidden order of rows. */
export const rowColumn = '_row';

/** Columns as they can be stored, with what was mended. Throws Problem when one cannot be. */
export function storableColumns(described: StoredColumn[], casts?: Record<string, CastType>): { columns: StoredColumn[]; notices: LocalText[] } {
  const notices: LocalText[] = [];
  if (described.length === 0) throw new Problem('query_failed', { ru: 'В ответе нет ни одного столбца.', en: 'The answer has no columns.' });
  const names = uniqueNames(described.map(({ name }) => name));
  const columns = described.map(({ name, engineType }, at) => {
    const ownName = names[at] ?? name;
    if (ownName !== name)
      notices.push({ ru: `Столбец «${name}» встречается дважды, второй назван «${ownName}».`, en: `There are two columns “${name}”; the second is now “${ownName}”.` });
    return { name: ownName, engineType: storableType(ownName, engineType, notices) };
  });
  return { columns: withCasts(columns, casts), notices };
}

function uniqueNames(names: string[]): string[] {
  const taken = new Set([rowColumn]);
  return names.map((name) => {
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}

function storableType(name: string, type: string, notices: LocalText[]): string {
  if (/\bAggregateFunction\(/.test(type))
    throw new Problem('query_failed', {
      ru: `Столбец «${name}» — промежуточное состояние (${type}), его нельзя сохранить. Замените функцию …State на обычную или примените …Merge.`,
      en: `Column “${name}” is an aggregation state (${type}) and cannot be stored. Use the function without …State, or apply …Merge.`,
    });
  if (/\b(Set|Function)\b/.test(type) || /^Interval/.test(type) || /^QBit/.test(type))
    throw new Problem('query_failed', { ru: `Столбец «${name}» типа ${type} нельзя сохранить. Переведите его в текст или число.`, en: `Column “${name}” of type ${type} cannot be stored. Turn it into text or a number.` });
  if (!/\bNothing\b/.test(type)) return type;
  notices.push({ ru: `В столбце «${name}» нет значений, он сохранён как текст.`, en: `Column “${name}” has no values; it is stored as text.` });
  return type.replace(/Nullable\(Nothing\)/g, 'Nullable(String)').replace(/\bNothing\b/g, 'Nullable(String)');
}
