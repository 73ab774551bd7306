const millisecondsOfDay = 86_400_000;
const largestExact = 1e15;

/** A number cell as people see it: fifteen digits, no exponent, at most twelve decimals. */
export function numberText(written: string): { text: string; rounded: boolean } {
  const value = Number(written);
  if (!Number.isFinite(value)) return { text: written, rounded: false };
  if (Number.isInteger(value)) return Math.abs(value) < largestExact ? { text: String(value), rounded: false } : { text: BigInt(value).toString(), rounded: true };
  const seen = Number(value.toPrecision(15));
  const text = seen.toFixed(12).replace(/0+$/, '').replace(/\.$/, '');
  return { text: text === '-0' ? '0' : text, rounded: false };
}

/** A day number as an ISO day, with its time when it has one; a time alone stays a time. Day 60 of 1900 never was. */
export function dateText(written: string, since1904: boolean): string {
  const serial = Number(written);
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return written;
  const seconds = Math.round(serial * 86_400);
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  const days = Math.floor(seconds / 86_400);
  if (days === 0 && !since1904) return time;
  const base = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const day = new Date(base + days * millisecondsOfDay).toISOString().slice(0, 10);
  return time === '00:00:00' ? day : `${day} ${time}`;
}

/** Whether a number format shows days or times; a length of time (`[h]:mm`) stays a number. */
export function isDateFormat(code: string): boolean {
  if (/\[(h+|m+|s+)\]/i.test(code)) return false;
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '').split(';')[0] ?? '';
  return !/general/i.test(bare) && /[ymdhs]/i.test(bare);
}
