/*
title: { ru: Открытые предложения, en: Offers opened }
description: { ru: "Сколько предложений партнёров человек открыл.", en: How many offers of partners a user opened. }
owner: anna@company.example
type: mean
good: up
margin: 2%
window: 14d
unit: { ru: предложений, en: offers }
*/
-- step facts on warehouse
SELECT user_id, acted_at AS time, 1 AS value FROM feature_actions WHERE action = 'offer_opened'
