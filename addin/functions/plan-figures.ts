import type { LocalText } from '../../shared/language.ts';
import { formulaFault } from './cell-error.ts';
import { isBlank, optionalNumber, partOfOne, requiredNumber } from './cell-number.ts';

const names = {
  level: { ru: 'Уровень сейчас', en: 'The level now' },
  power: { ru: 'Мощность', en: 'Power' },
  alpha: { ru: 'Уровень значимости', en: 'Significance level' },
  deviation: { ru: 'Стандартное отклонение', en: 'Standard deviation' },
} satisfies Record<string, LocalText>;

/** What the functions of a plan have in common; `deviation` is `null` for a share. */
export interface PlanFigures {
  level: number;
  deviation: number | null;
  power: number;
  alpha: number;
}

export function readPlan(given: Record<keyof PlanFigures, unknown>): PlanFigures {
  const level = requiredNumber(given.level, names.level);
  const deviation = isBlank(given.deviation) ? null : requiredNumber(given.deviation, names.deviation);
  const power = partOfOne(optionalNumber(given.power, names.power, 0.8), names.power);
  const alpha = partOfOne(optionalNumber(given.alpha, names.alpha, 0.05), names.alpha);
  if (deviation === null) asShare(level, names.level);
  else if (deviation <= 0) throw formulaFault({ ru: `Стандартное отклонение должно быть больше нуля, а здесь ${deviation}.`, en: `The standard deviation must be above zero, this is ${deviation}.` });
  if (power <= alpha) throw formulaFault({ ru: 'Мощность должна быть больше уровня значимости: обычно 0,8 и 0,05.', en: 'Power must be above the significance level: usually 0.8 and 0.05.' });
  return { level, deviation, power, alpha };
}

export function asShare(level: number, name: LocalText): number {
  if (level > 0 && level < 1) return level;
  throw formulaFault({
    ru: `${name.ru}: доля лежит между 0 и 1 (10% – это 0,1), а здесь ${level}. Для среднего добавьте стандартное отклонение.`,
    en: `${name.en}: a share lies between 0 and 1 (10% is 0.1), this is ${level}. For a mean add the standard deviation.`,
  });
}
