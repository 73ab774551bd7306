/*
title: { ru: Активность в приложении, en: Activity in the app }
description: { ru: "Дни, в которые человек открывал приложение.", en: Days on which a user opened the app. }
owner: anna@company.example
type: mean
good: up
margin: 3%
window: 14d
unit: { ru: дней, en: days }
*/
-- step facts on warehouse
SELECT user_id, max(event_time) AS time, 1 AS value
FROM events
WHERE event_name = 'app_open'
GROUP BY user_id, event_on
