/** Excel believes in 29 February 1900: before 1 March its day numbers differ from everyone else's. */
const firstSerial = 61;

/**
 * Excel's number of a day, from a calendar date; `null` where Excel has none or disagrees with the calendar.
 *
 * @example dateSerial(2026, 10, 1) // 46296
 */
export function dateSerial(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const serial = era * 146_097 + dayOfEra - 719_468 + 25_569;
  return serial < firstSerial ? null : serial;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The serial of `YYYY-MM-DD`, or `null`. */
export function serialOfDate(text: string): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  return found ? dateSerial(Number(found[1]), Number(found[2]), Number(found[3])) : null;
}

/** The serial of `YYYY-MM-DD hh:mm:ss[.fff…]`, with the time as a fraction of the day, or `null`. */
export function serialOfDatetime(text: string): number | null {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d{1,9})?$/.exec(text);
  if (!found) return null;
  const day = serialOfDate(found[1] ?? '');
  const [hours, minutes, seconds] = [Number(found[2]), Number(found[3]), Number(found[4])];
  if (day === null || hours > 23 || minutes > 59 || seconds > 59) return null;
  const fraction = Number(`0${found[5] ?? ''}`);
  return day + (hours * 3600 + minutes * 60 + seconds + fraction) / 86_400;
}
