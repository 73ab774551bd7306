/*
title: { ru: Обращения в поддержку, en: Contacts with support }
description: { ru: "Люди, которые писали или звонили в поддержку.", en: Users who wrote to or called support. }
owner: anna@company.example
type: share
good: down
guardrail: true
margin: 30%
window: 14d
unit: { ru: людей, en: users }
*/
-- step facts on warehouse
SELECT user_id, contacted_at AS time, 1 AS value, channel, topic FROM support_contacts
