/*
title: { ru: Прошли обучение, en: Finished the lesson }
description: { ru: "Люди, которые дошли до конца обучения.", en: Users who reached the end of the lesson. }
owner: anna@company.example
type: share
good: up
margin: 5%
window: 14d
unit: { ru: людей, en: users }
*/
-- step facts on warehouse
SELECT user_id, acted_at AS time, 1 AS value FROM feature_actions WHERE action = 'lesson_done'
