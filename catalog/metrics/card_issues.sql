/*
title: { ru: Выпуск карт, en: Card issues }
description: { ru: "Карты лояльности и другие продукты, которые человек завёл.", en: Loyalty cards and other products that a user added. }
owner: anna@company.example
type: mean
good: up
margin: 5%
window: 14d
unit: { ru: карт, en: cards }
*/
-- step facts on warehouse
SELECT user_id, issued_at AS time, 1 AS value, kind, city FROM cards
