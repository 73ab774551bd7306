/*
kind: experiment
title: { ru: "Тест: Тёмная тема", en: "Test: Dark theme" }
description:
  ru: Итоги A/B-теста – что вышло, насколько это надёжно и что делать.
  en: The read-out of an A/B test – what came out, how reliable it is, and what to do.
group: experiments
owner: anna@company.example
status: published
experiment:
  hypothesis: { ru: "С тёмной темой предложения открывают чаще.", en: "With a dark theme offers are opened more often." }
  groups: { control: 50%, dark: 50% }
  target: offers_opened
  planned: { users: 30000 }
  segments: [platform, sex]
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM experiment_log" }
limits: { time: 300 }
saves: 240
*/
-- step assignments on warehouse
SELECT log.user_id AS user_id, log.variant AS group, log.entered_at AS entered_at, users.platform AS platform, users.sex AS sex
FROM experiment_log AS log
LEFT JOIN users ON users.user_id = log.user_id
WHERE log.experiment = 'dark-theme'
