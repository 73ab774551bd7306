import { formulaFault, notComputable } from './cell-error.ts';
import { isBlank, requiredNumber } from './cell-number.ts';
import { asShare, readPlan } from './plan-figures.ts';
import { compute } from './statistics.ts';

/**
 * Сколько пользователей нужно в каждой группе, чтобы не пропустить такое изменение. Users needed in each group to see such a change.
 * @customfunction AB.SAMPLESIZE AB.SAMPLESIZE
 * @param level Уровень сейчас: доля (0,1) или среднее. The level now: a share (0.1) or a mean.
 * @param expected Уровень, который нельзя не заметить: 0,11. The level that must not be missed: 0.11.
 * @param [deviation] Для среднего: стандартное отклонение. For a mean: the standard deviation.
 * @param [power] Вероятность заметить, 0,8. Chance to see it, 0.8.
 * @param [alpha] Вероятность ложной тревоги, 0,05. Chance of a false alarm, 0.05.
 * @param [ratio] Сколько пользователей теста на одного в контроле; тогда две ячейки: контроль и тест. Treatment users per control user; then two cells: control, treatment.
 * @returns Пользователей в группе. Users in a group.
 */
export function sampleSize(level: unknown, expected: unknown, deviation?: unknown, power?: unknown, alpha?: unknown, ratio?: unknown): Promise<number[][]> {
  return compute((statistics) => {
    const plan = readPlan({ level, deviation, power, alpha });
    const name = { ru: 'Ожидаемый уровень', en: 'The expected level' };
    const wanted = requiredNumber(expected, name);
    const times = isBlank(ratio) ? 1 : requiredNumber(ratio, { ru: 'Соотношение групп', en: 'Ratio of the groups' });
    if (!(times > 0)) throw formulaFault({ ru: 'Соотношение групп должно быть больше нуля.', en: 'The ratio of the groups must be above zero.' });
    if (wanted === plan.level) throw formulaFault({ ru: 'Ожидаемый уровень равен нынешнему: искать нечего.', en: 'The expected level is the present one: there is nothing to look for.' });
    const risks = { power: plan.power, alpha: plan.alpha, ratio: times };
    const users = plan.deviation === null ? statistics.usersForShares({ control: plan.level, treatment: asShare(wanted, name), ...risks }) : statistics.usersForMeans({ deviation: plan.deviation, difference: wanted - plan.level, ...risks });
    if (users === null) throw notComputable({ ru: 'Столько пользователей не бывает: изменение слишком мало.', en: 'No number of users would do: the change is too small.' });
    return isBlank(ratio) ? [[users.control]] : [[users.control, users.treatment]];
  });
}
