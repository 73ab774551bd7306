/*
kind: draw
title: { ru: Акция недели, en: Weekly promo }
description:
  ru: Розыгрыш среди тех, кто за календарную неделю открыл приложение, посмотрел предложение и перешёл по нему – именно в таком порядке. Каждая такая цепочка – один билет.
  en: A draw among people who, within a calendar week, opened the app, looked at an offer and followed it, in this order. Every such chain is one ticket.
group: promos
owner: anna@company.example
status: published
file: { ru: "Участники акции {{period}}", en: "Participants of the promo {{period}}" }
form:
  period: { kind: dateRange, label: { ru: Неделя, en: Week }, default: lastCalendarWeek, maxDays: 31 }
draw:
  participant: user_id
  weight: chains
  prizes:
    - { title: { ru: Два билета в кино, en: Two cinema tickets }, count: 5 }
    - { title: { ru: Кофе на месяц, en: Coffee for a month }, count: 10 }
  reserves: 10
  period: period
  exclude: [{ list: steps.staff, title: { ru: сотрудники, en: staff } }, lastWinners]
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM events" }
saves: 180
*/
-- step staff on warehouse
SELECT user_id FROM users WHERE user_id <= 20
-- step participants on warehouse
SELECT user_id, length(chain) AS chains
FROM (
  SELECT
    user_id,
    -- One letter an event, in the order of time; a chain is open, look, follow with anything between.
    arrayStringConcat(arrayMap(event -> event.2, arraySort(groupArray((event_time, transform(toString(event_name), ['app_open', 'offer_view', 'offer_click'], ['o', 'v', 'c'], '')))))) AS week,
    extractAll(week, 'o[^v]*v[^c]*c') AS chain
  FROM events
  WHERE event_time >= {{period.start}} AND event_time < {{period.end}} AND event_name IN ('app_open', 'offer_view', 'offer_click')
  GROUP BY user_id
)
WHERE notEmpty(chain)
