/*
title: { ru: Сэкономленные часы, en: Hours saved }
description:
  ru: Сколько часов аналитиков сберегли готовые задачи — удавшиеся запуски, умноженные на минуты, которые заняла бы та же работа вручную.
  en: How many hours of analysts the tasks have saved – runs that succeeded, times the minutes that the same work takes by hand.
group: usage
owner: anna@company.example
status: published
file: { ru: "Сэкономленные часы {{period}}", en: "Hours saved {{period}}" }
form:
  period: { kind: dateRange, label: { ru: Период, en: Period }, default: thisYear }
columns:
  month:      { title: { ru: Месяц, en: Month }, type: date }
  run_count:  { title: { ru: Удавшихся запусков, en: Runs that succeeded }, type: integer }
  unvalued:   { title: { ru: Из них без оценки, en: Of them without an estimate }, type: integer }
  hours:      { title: { ru: Часов, en: Hours }, type: decimal }
chart: { kind: column, x: month, y: [hours] }
examples:
  - values: { period: thisYear }
    expect: { columns: [month, run_count, unvalued, hours] }
*/
-- step by_month on tasksheet
SELECT
  toStartOfMonth(runs.created_at) AS month,
  count() AS run_count,
  countIf(tasks.saves_minutes IS NULL) AS unvalued,
  round(sum(ifNull(tasks.saves_minutes, 0)) / 60, 1) AS hours
FROM runs
LEFT JOIN tasks USING (task)
WHERE runs.state = 'succeeded' AND NOT runs.recalled AND runs.created_at >= {{period.start}} AND runs.created_at < {{period.end}}
GROUP BY month
ORDER BY month
