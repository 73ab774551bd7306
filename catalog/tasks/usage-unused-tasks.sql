/*
title: { ru: Задачи без запусков, en: Tasks that nobody runs }
description:
  ru: Опубликованные задачи, которые давно никто не запускал, с владельцем и днём последнего запуска. Их можно снять или переделать.
  en: Published tasks that nobody has run for long, with their owner and the day of the last run. Retire them, or make them better.
group: usage
owner: anna@company.example
status: published
file: { ru: Задачи без запусков, en: Tasks that nobody runs }
form:
  days: { kind: number, label: { ru: Не запускали дней, en: Days without a run }, default: 90, min: 1, max: 3650 }
columns:
  task:     { title: { ru: Задача, en: Task }, type: text }
  title_ru: { title: { ru: Название, en: Title in Russian }, type: text }
  title_en: { title: { ru: Название по-английски, en: Title }, type: text }
  owner:    { title: { ru: Владелец, en: Owner }, type: text }
  last_run: { title: { ru: Последний запуск, en: Last run }, type: datetime }
examples:
  - values: { days: 90 }
    expect: { columns: [task, title_ru, title_en, owner, last_run] }
*/
-- step unused on tasksheet
SELECT tasks.task AS task, tasks.title_ru AS title_ru, tasks.title_en AS title_en, tasks.owner AS owner, last.last_run AS last_run
FROM tasks
LEFT JOIN (SELECT task, toNullable(max(created_at)) AS last_run FROM runs GROUP BY task) AS last ON last.task = tasks.task
WHERE tasks.status = 'published' AND (last.last_run IS NULL OR last.last_run < now() - INTERVAL {{days}} DAY)
ORDER BY last_run IS NOT NULL, last_run, task
