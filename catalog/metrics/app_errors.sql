/*
title: { ru: Сбои приложения, en: App failures }
description: { ru: "Сбои, которые человек увидел.", en: Failures that a user saw. }
owner: anna@company.example
type: mean
good: down
guardrail: true
margin: 10%
window: 14d
unit: { ru: сбоев, en: failures }
*/
-- step facts on warehouse
SELECT user_id, acted_at AS time, 1 AS value FROM feature_actions WHERE action = 'failure'
