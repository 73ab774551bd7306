import { notComputable } from './cell-error.ts';
import { isBlank, requiredNumber, wholeUsers } from './cell-number.ts';
import { readPlan } from './plan-figures.ts';
import { compute } from './statistics.ts';

/**
 * Самое малое изменение, которое тест такого размера надёжно заметит. Smallest change that a test of this size reliably sees.
 * @customfunction AB.MDE AB.MDE
 * @param level Уровень сейчас: доля (0,1) или среднее. The level now: a share (0.1) or a mean.
 * @param users Пользователей в контроле. Users of control.
 * @param [deviation] Для среднего: стандартное отклонение. For a mean: the standard deviation.
 * @param [power] Вероятность заметить, 0,8. Chance to see it, 0.8.
 * @param [alpha] Вероятность ложной тревоги, 0,05. Chance of a false alarm, 0.05.
 * @param [treatmentUsers] Пользователей в тесте, если не столько же. Users of treatment, if not as many.
 * @returns Изменение в тех же единицах: 0,01 для доли – один процентный пункт. The change in the same unit; of a share, 0.01 is one percentage point.
 */
export function smallestEffect(level: unknown, users: unknown, deviation?: unknown, power?: unknown, alpha?: unknown, treatmentUsers?: unknown): Promise<number> {
  return compute((statistics) => {
    const plan = readPlan({ level, deviation, power, alpha });
    const count = (value: unknown, ru: string, en: string): number => wholeUsers(requiredNumber(value, { ru, en }), { ru, en });
    const control = count(users, 'Пользователей в контроле', 'Users of control');
    const treatment = isBlank(treatmentUsers) ? control : count(treatmentUsers, 'Пользователей в тесте', 'Users of treatment');
    if (control === 0 || treatment === 0) throw notComputable({ ru: 'В одной из групп никого нет.', en: 'One of the groups is empty.' });
    const risks = { power: plan.power, alpha: plan.alpha };
    const change = plan.deviation === null ? statistics.smallestVisibleShare({ rate: plan.level, control, treatment, ...risks }) : statistics.smallestVisibleDifference(plan.deviation * Math.sqrt(1 / control + 1 / treatment), risks);
    if (change === null) throw notComputable({ ru: 'При таком размере не видно никакого изменения: нужно больше пользователей.', en: 'No change can be seen with this size: more users are needed.' });
    return change;
  });
}
