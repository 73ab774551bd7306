const daysToUnixEpoch = 25_569;
/** Excel counts a 29 February 1900 that never was: serials before it would be a day off. */
const firstSafeSerial = 61;

/**
 * Excel's serial number of `YYYY-MM-DD` or `YYYY-MM-DD hh:mm:ss[.fff…]`, as the wall clock shows it;
 * `undefined` for what Excel cannot hold as a date (before March 1900, or no date at all).
 */
export function serialOfDate(text: string): number | undefined {
  const year = Number(text.slice(0, 4));
  const days = Date.UTC(year, Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))) / 86_400_000 + daysToUnixEpoch;
  if (!(days >= firstSafeSerial) || year > 9999) return undefined;
  if (text.length <= 10) return days;
  const seconds = Number(text.slice(11, 13)) * 3600 + Number(text.slice(14, 16)) * 60 + Number(text.slice(17));
  return Number.isNaN(seconds) ? undefined : days + seconds / 86_400;
}
