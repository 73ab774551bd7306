/*
title: { ru: Карты партнёра, en: Cards of a partner }
description:
  ru: Все карты партнёра, выпущенные в выбранный период. Удалённых карт в списке нет.
  en: All cards of a partner issued in the chosen period. Deleted cards are left out.
group: exports
owner: anna@company.example
status: published
file: { ru: "Карты {{partner}} {{issued}}", en: "Cards {{partner}} {{issued}}" }
form:
  partner: { use: partner }
  issued:
    kind: dateRange
    label: { ru: Выпущены, en: Issued }
    help:
      ru: День, когда карта появилась в приложении.
      en: The day on which the card appeared in the app.
    default: lastMonth
  cities:
    kind: list
    label: { ru: Города, en: Cities }
    help:
      ru: Каждый город с новой строки. Пусто — все города.
      en: One city a line. Empty means all cities.
    required: false
    known:
      on: warehouse
      sql: SELECT DISTINCT city FROM cards WHERE city IS NOT NULL
  columns:
    kind: choices
    label: { ru: Столбцы, en: Columns }
    default: [number, issued]
    options:
      - { value: number,  label: { ru: Номер карты, en: Card number },     sql: card_number }
      - { value: issued,  label: { ru: Дата выпуска, en: Issued on },      sql: issued_on }
      - { value: barcode, label: { ru: Штрихкод, en: Barcode },            sql: barcode }
      - { value: kind,    label: { ru: Вид карты, en: Kind of card },      sql: "if(kind = 'plastic', 'пластиковая', 'цифровая') AS card_kind" }
      - { value: city,    label: { ru: Город, en: City },                  sql: city }
      - { value: note,    label: { ru: Примечание, en: Note },             sql: note }
      - { value: user,    label: { ru: Пользователь, en: User },           sql: user_id }
columns:
  card_number: { title: { ru: Номер карты, en: Card number }, type: code }
  barcode:     { title: { ru: Штрихкод, en: Barcode }, type: code }
  issued_on:   { title: { ru: Дата выпуска, en: Issued on }, type: date }
  card_kind:   { title: { ru: Вид карты, en: Kind of card }, type: text }
  city:        { title: { ru: Город, en: City }, type: text }
  note:        { title: { ru: Примечание, en: Note }, type: text }
  user_id:     { title: { ru: Пользователь, en: User }, type: code, personal: true }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
saves: 30
examples:
  - values: { partner: 12, issued: lastMonth, columns: [number, issued] }
    expect: { rowsAtLeast: 1, columns: [card_number, issued_on] }
  - values: { partner: 40, issued: last30days, columns: [number] }
    expect: { rows: 0 }
*/
-- step cards on warehouse
SELECT {{columns}}
FROM views.live_cards
WHERE partner_id = {{partner}} AND issued_on >= {{issued.from}} AND issued_on < {{issued.until}}
  [[ AND city IN {{cities}} ]]
ORDER BY issued_on, card_number
