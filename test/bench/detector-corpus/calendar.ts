import { DateTime } from 'luxon';

export type Grain = 'hour' | 'day';
export type Zone = 'Europe/Berlin' | 'Europe/Moscow';

export const corpusDays = 180;

/** One hour or day of local time. */
export interface Bucket {
  /** Its beginning as it stands in the file, with offset. */
  time: string;
  /** Days since the corpus begins. */
  day: number;
  hour: number;
  /** 0 is Monday. */
  weekday: number;
  dayOfMonth: number;
  holiday: boolean;
}

export interface CalendarDay {
  date: string;
  ru: string;
  en: string;
}

const berlin: CalendarDay[] = [
  { date: '2025-10-03', ru: 'День германского единства', en: 'Day of German Unity' },
  { date: '2025-12-24', ru: 'Сочельник', en: 'Christmas Eve' },
  { date: '2025-12-25', ru: 'Рождество', en: 'Christmas Day' },
  { date: '2025-12-26', ru: 'Второй день Рождества', en: 'Boxing Day' },
  { date: '2025-12-31', ru: 'Канун Нового года', en: "New Year's Eve" },
  { date: '2026-01-01', ru: 'Новый год', en: "New Year's Day" },
  { date: '2026-04-03', ru: 'Страстная пятница', en: 'Good Friday' },
  { date: '2026-04-06', ru: 'Пасхальный понедельник', en: 'Easter Monday' },
  { date: '2026-05-01', ru: 'День труда', en: 'Labour Day' },
  { date: '2026-05-14', ru: 'Вознесение', en: 'Ascension Day' },
  { date: '2026-05-25', ru: 'Духов день', en: 'Whit Monday' },
];

const newYear = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((day) => ({ date: `2026-01-0${day}`, ru: 'Новогодние каникулы', en: 'New Year holidays' }));

const moscow: CalendarDay[] = [
  { date: '2025-11-03', ru: 'Перенос выходного', en: 'Day off instead' },
  { date: '2025-11-04', ru: 'День народного единства', en: 'Unity Day' },
  { date: '2025-12-31', ru: 'Канун Нового года', en: "New Year's Eve" },
  ...newYear,
  { date: '2026-02-23', ru: 'День защитника Отечества', en: 'Defender of the Fatherland Day' },
  { date: '2026-03-09', ru: 'Перенос выходного', en: 'Day off instead' },
  { date: '2026-05-01', ru: 'Праздник Весны и Труда', en: 'Spring and Labour Day' },
  { date: '2026-05-11', ru: 'Перенос выходного', en: 'Day off instead' },
];

const holidaysOf: Record<Zone, CalendarDay[]> = { 'Europe/Berlin': berlin, 'Europe/Moscow': moscow };

/** The first days of corpora: each holds a change of Berlin's clock in its second half. */
const beginnings = ['2025-11-20', '2025-07-12'];

export interface LocalTime {
  zone: Zone;
  buckets: Bucket[];
  holidays: CalendarDay[];
  /** For each bucket the one of the same local hour seven days before; -1 where there is none. */
  weekBefore: Int32Array;
}

function findWeekBefore(buckets: Bucket[]): Int32Array {
  const places = new Map(buckets.map(({ day, hour }, at) => [day * 24 + hour, at]));
  return Int32Array.from(buckets, ({ day, hour }) => places.get((day - 7) * 24 + hour) ?? -1);
}

/** Zone, season and first day follow from the seed. */
export function localTime(seed: number, grain: Grain): LocalTime {
  const zone: Zone = seed % 2 === 1 ? 'Europe/Berlin' : 'Europe/Moscow';
  const from = DateTime.fromISO(beginnings[(seed >> 1) % 2]!, { zone }).plus({ days: (seed * 5) % 14 });
  const until = from.plus({ days: corpusDays });
  const holidays = holidaysOf[zone].filter(({ date }) => date >= from.toISODate()! && date < until.toISODate()!);
  const free = new Set(holidays.map(({ date }) => date));
  const buckets: Bucket[] = [];
  for (let day = 0; day < corpusDays; day++) {
    const end = from.plus({ days: day + 1 });
    for (let at = from.plus({ days: day }); at < end; at = grain === 'day' ? end : at.plus({ hours: 1 }))
      buckets.push({ time: at.toISO({ suppressMilliseconds: true })!, day, hour: at.hour, weekday: at.weekday - 1, dayOfMonth: at.day, holiday: free.has(at.toISODate()!) });
  }
  return { zone, buckets, holidays, weekBefore: findWeekBefore(buckets) };
}
