/*
kind: experiment
title: { ru: "Тест: Быстрый показ карты", en: "Test: Quick card at the till" }
description:
  ru: Итоги A/B-теста – что вышло, насколько это надёжно и что делать.
  en: The read-out of an A/B test – what came out, how reliable it is, and what to do.
group: experiments
owner: anna@company.example
status: published
experiment:
  hypothesis: { ru: "Быстрый показ карты откроет дорогу предложениям.", en: "A quicker card leaves time for offers." }
  groups: { control: 50%, quick: 50% }
  target: offers_opened
  metrics: [app_errors]
  planned: { users: 20000 }
  segments: [platform, sex]
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM experiment_log" }
limits: { time: 300 }
saves: 240
*/
-- step assignments on warehouse
SELECT log.user_id AS user_id, log.variant AS group, log.entered_at AS entered_at, users.platform AS platform, users.sex AS sex
FROM experiment_log AS log
LEFT JOIN users ON users.user_id = log.user_id
WHERE log.experiment = 'quick-till'
