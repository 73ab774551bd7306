/*
title: { ru: Отчёт по пушу, en: Report on a push }
description:
  ru: Кому отправили пуш, кто его получил и кто прочитал — по дням и списком по номерам карт партнёра.
  en: Who a push was sent to, who received it and who read it, by day and as a list by the partner's card numbers.
group: reports
owner: anna@company.example
status: published
file: { ru: "Отчёт по пушу {{partner}}", en: "Push report {{partner}}" }
form:
  partner: { use: partner }
  push: { use: push }
columns:
  day:         { title: { ru: День, en: Day }, type: date }
  sent:        { title: { ru: Отправлено, en: Sent }, type: integer }
  received:    { title: { ru: Получено, en: Received }, type: integer }
  read:        { title: { ru: Прочитано, en: Read }, type: integer }
  card_number: { title: { ru: Номер карты, en: Card number }, type: code }
  sent_at:     { title: { ru: Отправлен, en: Sent at }, type: datetime }
  received_at: { title: { ru: Получен, en: Received at }, type: datetime }
  read_at:     { title: { ru: Прочитан, en: Read at }, type: datetime }
results:
  summary: { step: by_day, title: { ru: По дням, en: By day } }
  list:    { step: by_card, title: { ru: По номерам карт, en: By card number } }
chart: { kind: column, x: day, y: [sent, received, read], result: summary }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM push_deliveries" }
saves: 45
examples:
  - values: { partner: 12, push: 9001 }
    expect: { rowsAtLeast: 1 }
*/
-- step deliveries on warehouse
SELECT user_id, sent_at, received_at, read_at
FROM push_deliveries
WHERE partner_id = {{partner}} AND push_id = {{push}}

-- step by_day on workbench
SELECT
  toDate(moment) AS day,
  countIf(what = 'sent') AS sent,
  countIf(what = 'received') AS received,
  countIf(what = 'read') AS read
FROM steps.deliveries
ARRAY JOIN [toNullable(sent_at), received_at, read_at] AS moment, ['sent', 'received', 'read'] AS what
WHERE moment IS NOT NULL
GROUP BY day
ORDER BY day

-- step by_card on warehouse
SELECT card_number, sent_at, received_at, read_at
FROM steps.deliveries AS deliveries
INNER JOIN (SELECT user_id, min(cards.card_number) AS card_number FROM cards WHERE partner_id = {{partner}} GROUP BY user_id) AS holders
  ON holders.user_id = deliveries.user_id
ORDER BY read_at IS NULL, received_at IS NULL, card_number
