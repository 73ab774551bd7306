import type { CellValue } from './entry.ts';

/** What a cell shows: enough of number formats to read dates, money and long numbers as a person would. */
export function displayed(value: CellValue, format: string, culture: string): string {
  const russian = culture.startsWith('ru');
  if (typeof value === 'boolean') return russian ? (value ? 'ИСТИНА' : 'ЛОЖЬ') : value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return value;
  if (/[dy]/i.test(format)) return displayedDate(value, format);
  const decimal = russian ? ',' : '.';
  if (format === 'General' || format === '@') return displayedGeneral(value).replace('.', decimal);
  const percent = format.includes('%');
  const places = /\.(0+)/.exec(format)?.[1]?.length ?? 0;
  const [whole = '', part] = (percent ? value * 100 : value).toFixed(places).split('.');
  const grouped = format.includes('#,##0') ? whole.replace(/\B(?=(\d{3})+$)/g, russian ? '\u00a0' : ',') : whole;
  return grouped + (part ? decimal + part : '') + (percent ? '%' : '');
}

function displayedGeneral(value: number): string {
  if (Math.abs(value) < 1e11) return String(Number(value.toPrecision(11)));
  return value.toExponential(5).replace(/\.?0+e/, 'e').replace('e', 'E');
}

function displayedDate(serial: number, format: string): string {
  const moment = new Date(Math.round((serial - 25_569) * 86_400_000));
  const two = (number: number): string => String(number).padStart(2, '0');
  return format
    .replace(/yyyy/i, String(moment.getUTCFullYear()))
    .replace(/hh/i, two(moment.getUTCHours()))
    .replace(/:mm/i, `:${two(moment.getUTCMinutes())}`)
    .replace(/:ss/i, `:${two(moment.getUTCSeconds())}`)
    .replace(/\.000/, `.${String(moment.getUTCMilliseconds()).padStart(3, '0')}`)
    .replace(/mm/i, two(moment.getUTCMonth() + 1))
    .replace(/dd/i, two(moment.getUTCDate()));
}
