/*
title: { ru: Сколько запросов вручную, en: Requests done by hand }
description:
  ru: Какую долю того, за чем обращались коллеги, аналитики ещё делают вручную, а какую люди получают сами; по месяцам.
  en: What share of what colleagues needed is still done by hand by analysts, and what they get by themselves; by month.
group: usage
owner: anna@company.example
status: published
file: { ru: "Запросы вручную {{period}}", en: "Requests by hand {{period}}" }
form:
  period: { kind: dateRange, label: { ru: Период, en: Period }, default: thisYear }
columns:
  month:       { title: { ru: Месяц, en: Month }, type: date }
  run_count:   { title: { ru: Получили сами, en: Got by themselves }, type: integer }
  requested:   { title: { ru: Обратились, en: Asked }, type: integer }
  by_hand:     { title: { ru: Сделано вручную, en: Done by hand }, type: integer }
  became_task: { title: { ru: Стали задачами, en: Became tasks }, type: integer }
  declined:    { title: { ru: Отклонено, en: Declined }, type: integer }
  waiting:     { title: { ru: Ждут, en: Waiting }, type: integer }
  hand_share:  { title: { ru: Доля вручную, en: Share by hand }, type: percent }
chart: { kind: line, x: month, y: [hand_share] }
examples:
  - values: { period: thisYear }
    expect: { columns: [month, run_count, requested, by_hand, became_task, declined, waiting, hand_share] }
*/
-- step by_month on tasksheet
SELECT
  toStartOfMonth(moment) AS month,
  countIf(what = 'run') AS run_count,
  countIf(what != 'run') AS requested,
  countIf(what = 'done') AS by_hand,
  countIf(what = 'became_task') AS became_task,
  countIf(what = 'declined') AS declined,
  countIf(what IN ('new', 'taken')) AS waiting,
  if(run_count + by_hand = 0, NULL, by_hand / (run_count + by_hand)) AS hand_share
FROM (
  SELECT created_at AS moment, 'run' AS what FROM runs WHERE state = 'succeeded'
  UNION ALL
  SELECT created_at AS moment, state AS what FROM requests
)
WHERE moment >= {{period.start}} AND moment < {{period.end}}
GROUP BY month
ORDER BY month
