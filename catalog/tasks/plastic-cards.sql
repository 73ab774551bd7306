/*
title: { ru: Пластиковые карты до подключения, en: Plastic cards before connection }
description:
  ru: Номера и штрихкоды пластиковых карт, которые были в приложении до подключения партнёра. Удалённых карт в списке нет.
  en: Numbers and barcodes of the plastic cards that were in the app before the partner was connected. Deleted cards are left out.
group: exports
owner: anna@company.example
status: published
file: { ru: "Пластиковые карты {{partner}} {{issued}}", en: "Plastic cards {{partner}} {{issued}}" }
form:
  partner: { use: partner }
  issued:
    kind: dateRange
    label: { ru: Выпущены, en: Issued }
    help:
      ru: Сразу стоит весь срок до подключения партнёра. Если партнёр не подключён — до вчерашнего дня.
      en: Opens with all the time before the partner was connected. If it is not connected yet, up to yesterday.
    default:
      on: warehouse
      sql: |
        SELECT
          (SELECT minOrNull(issued_on) FROM views.live_cards WHERE partner_id = {{partner}}) AS from,
          coalesce(connected_on, toDate(loaded_at) + 1) AS until
        FROM brands
        WHERE partner_id = {{partner}}
columns:
  card_number: { title: { ru: Номер карты, en: Card number }, type: code }
  barcode:     { title: { ru: Штрихкод, en: Barcode }, type: code }
  issued_on:   { title: { ru: Дата выпуска, en: Issued on }, type: date }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
saves: 40
examples:
  - values: { partner: 12, issued: { from: "2020-01-01", until: "2100-01-01" } }
    expect: { rowsAtLeast: 1, columns: [card_number, barcode, issued_on] }
*/
-- step cards on warehouse
SELECT card_number, barcode, issued_on
FROM views.live_cards
WHERE partner_id = {{partner}} AND kind = 'plastic'
  AND issued_on >= {{issued.from}} AND issued_on < {{issued.until}}
ORDER BY issued_on, card_number
