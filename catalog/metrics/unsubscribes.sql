/*
title: { ru: Отписки, en: Unsubscribes }
description: { ru: "Люди, которые отписались хотя бы от одного канала.", en: Users who left at least one channel. }
owner: anna@company.example
type: share
good: down
guardrail: true
margin: 30%
window: 14d
unit: { ru: людей, en: users }
*/
-- step facts on warehouse
SELECT user_id, unsubscribed_at AS time, 1 AS value, channel FROM unsubscribes
