import { formulaFault } from './cell-error.ts';
import type { Given } from './two-groups.ts';

/** Refuses what this function does not take, rather than overlook it. */
export function noWords({ words }: Given, known: string[] = []): void {
  const other = words.find((word) => !known.includes(word));
  if (other === undefined) return;
  const advice = known.length === 0 ? { ru: '', en: '' } : { ru: ` Можно: ${known.join(', ')}.`, en: ` There are: ${known.join(', ')}.` };
  throw formulaFault({ ru: `Здесь нужно число, а не «${other.slice(0, 30)}».${advice.ru}`, en: `A number is needed, not “${other.slice(0, 30)}”.${advice.en}` });
}

export function noNumber({ number }: Given): void {
  if (number !== null) throw formulaFault({ ru: 'Чисел на одно больше, чем нужно: 4 для долей, 6 для средних.', en: 'There is one number too many: 4 for shares, 6 for means.' });
}
