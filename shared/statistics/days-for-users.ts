/**
 * How many days does it take until so many users came?
 *
 * A plan takes whole weeks, since weekends differ from workdays; "about 9 more days" of a running test need not.
 *
 * @returns whole days, rounded up; `null` when nobody comes or a number is not finite.
 * @example daysForUsers(29502, 3000, { wholeWeeks: true })
 *          // 14
 */
export function daysForUsers(users: number, usersPerDay: number, { wholeWeeks = false }: { wholeWeeks?: boolean } = {}): number | null {
  const days = Math.ceil(users / usersPerDay);
  if (!(users >= 0 && usersPerDay > 0) || !Number.isFinite(days)) return null;
  return wholeWeeks ? Math.ceil(days / 7) * 7 : days;
}
