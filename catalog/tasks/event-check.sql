/*
title: { ru: Сверка события с Amplitude, en: An event in Amplitude and in the warehouse }
description:
  ru: Сколько раз событие случилось за каждый день по данным Amplitude и нашего хранилища, и на сколько они расходятся.
  en: How often an event happened on each day by Amplitude and by the warehouse, and how far they are apart.
group: metrics
owner: anna@company.example
status: published
file: { ru: "Сверка {{event}} {{period}}", en: "{{event}} {{period}}" }
form:
  event:
    kind: choice
    label: { ru: Событие, en: Event }
    options: { on: warehouse, sql: "SELECT DISTINCT event_name AS value, event_name AS label FROM events ORDER BY event_name" }
  period: { kind: dateRange, label: { ru: Период, en: Period }, default: last7days }
columns:
  day:        { title: { ru: День, en: Day }, type: date }
  amplitude:  { title: { ru: Amplitude, en: Amplitude }, type: integer }
  warehouse:  { title: { ru: Хранилище, en: Warehouse }, type: integer }
  difference: { title: { ru: Разница, en: Difference }, type: percent }
chart: { kind: line, x: day, y: [amplitude, warehouse] }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM events" }
saves: 30
examples:
  - values: { event: card_added, period: last7days }
    expect: { rowsAtLeast: 6, columns: [day, amplitude, warehouse, difference] }
*/
-- step totals on amplitude
event: {{event}}
from: {{period.from}}
until: {{period.until}}

-- step counted on warehouse
SELECT event_on AS day, count() AS events
FROM events
WHERE event_name = {{event}} AND event_on >= {{period.from}} AND event_on < {{period.until}}
GROUP BY day

-- step compared on workbench
SELECT counted.day AS day, toInt64(totals.total) AS amplitude, toInt64(counted.events) AS warehouse, (warehouse - amplitude) / amplitude AS difference
FROM steps.counted AS counted
LEFT JOIN steps.totals AS totals ON totals.day = counted.day
ORDER BY day
