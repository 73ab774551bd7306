/** The ten columns that exports are measured with: long codes, Cyrillic, days, moments, decimals, signs, nulls. */
export const mixColumns = ['card', 'id', 'name', 'issued', 'seen', 'total', 'pieces', 'city', 'share', 'note'];

/** Makes them inside the engine, the same each time; `rows` is a number or what stands for one. */
export function mixSql(rows: string): string {
  return `SELECT
  toString(4276000000000000000 + number * 1013) AS card,
  toUInt32(number) AS id,
  concat(arrayElement(['Иванова Мария Сергеевна', 'Петров Пётр Ильич', 'Кузнецова Анна-Мария', 'Сидоров Ёжи', 'Жукова Ольга'], 1 + mixed % 5), ' ', toString(mixed % 100000)) AS name,
  toDate('2020-01-01') + toUInt16(mixed % 2400) AS issued,
  toDateTime('2026-01-01 00:00:00') + toUInt32(mixed % 20000000) AS seen,
  CAST((mixed % 100000000) / 100 AS Decimal(18, 2)) AS total,
  toInt64(mixed % 2000000) - 1000000 AS pieces,
  arrayElement(['Москва', 'Санкт-Петербург', 'Новосибирск', 'Екатеринбург', 'Казань', 'Нижний Новгород', 'Ростов-на-Дону'], 1 + mixed % 7) AS city,
  CAST((mixed % 1000000) / 10000 AS Decimal(18, 4)) AS share,
  if(number % 4 = 0, NULL, concat('<b>заметка</b> & "№ ', toString(mixed % 1000), '"')) AS note
FROM (SELECT number, cityHash64(number) AS mixed FROM numbers(${rows}))
ORDER BY id`;
}
