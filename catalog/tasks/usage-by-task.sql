/*
title: { ru: Кто чем пользуется, en: Who uses what }
description:
  ru: Сколько раз и сколько людей запускали каждую задачу за период, как долго она считалась и как часто не удавалась; вторым листом — по людям.
  en: How often and by how many people each task was run in a period, how long it took and how often it failed; by person on a second sheet.
group: usage
owner: anna@company.example
status: published
file: { ru: "Кто чем пользуется {{period}}", en: "Who uses what {{period}}" }
form:
  period: { kind: dateRange, label: { ru: Период, en: Period }, default: last30days }
columns:
  task:        { title: { ru: Задача, en: Task }, type: text }
  title_ru:    { title: { ru: Название, en: Title in Russian }, type: text }
  title_en:    { title: { ru: Название по-английски, en: Title }, type: text }
  person:      { title: { ru: Кто, en: Person }, type: text }
  role:        { title: { ru: Роль, en: Role }, type: text }
  run_count:   { title: { ru: Запусков, en: Runs }, type: integer }
  people:      { title: { ru: Людей, en: People }, type: integer }
  task_count:  { title: { ru: Разных задач, en: Different tasks }, type: integer }
  failed:      { title: { ru: Не удалось, en: Failed }, type: integer }
  median_seconds: { title: { ru: "Обычно считается, с", en: "Usual time, s" }, type: decimal }
  file_count:  { title: { ru: Файлов по ссылкам, en: Files by link }, type: integer }
  last_run:    { title: { ru: Последний запуск, en: Last run }, type: datetime }
results:
  by_task:   { step: by_task, title: { ru: По задачам, en: By task } }
  by_person: { step: by_person, title: { ru: По людям, en: By person } }
examples:
  - values: { period: last30days }
    expect: { columns: [task, title_ru, title_en, run_count, people, failed, median_seconds, file_count, last_run] }
*/
-- step by_task on tasksheet
SELECT
  task,
  any(tasks.title_ru) AS title_ru,
  any(tasks.title_en) AS title_en,
  count() AS run_count,
  uniqExact(runs.person) AS people,
  countIf(runs.state = 'failed') AS failed,
  round(quantileIf(0.5)(runs.elapsed_seconds, runs.state = 'succeeded'), 1) AS median_seconds,
  any(files.file_count) AS file_count,
  max(runs.created_at) AS last_run
FROM runs
LEFT JOIN tasks USING (task)
LEFT JOIN (
  SELECT task, count() AS file_count
  FROM downloads
  WHERE completed AND started_at >= {{period.start}} AND started_at < {{period.end}}
  GROUP BY task
) AS files USING (task)
WHERE runs.created_at >= {{period.start}} AND runs.created_at < {{period.end}}
GROUP BY task
ORDER BY run_count DESC, task

-- step by_person on tasksheet
SELECT
  person,
  any(people.role) AS role,
  count() AS run_count,
  uniqExact(runs.task) AS task_count,
  max(runs.created_at) AS last_run
FROM runs
LEFT JOIN people USING (person)
WHERE runs.created_at >= {{period.start}} AND runs.created_at < {{period.end}}
GROUP BY person
ORDER BY run_count DESC, person
