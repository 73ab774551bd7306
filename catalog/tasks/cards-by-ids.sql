/*
title: { ru: Карты по списку номеров, en: Cards by a list of numbers }
description:
  ru: Вставьте номера карт — получите партнёра, штрихкод, дату выпуска и состояние каждой. О незнакомых номерах скажем до запуска.
  en: Paste card numbers and get the partner, barcode, issue date and state of each. Numbers that we do not know are named before the run.
group: exports
owner: anna@company.example
status: published
file: { ru: "Карты по списку", en: "Cards by list" }
form:
  numbers:
    kind: list
    label: { ru: Номера карт, en: Card numbers }
    help:
      ru: Каждый номер с новой строки. Повторы и пустые строки не мешают.
      en: One number a line. Repeats and blank lines do no harm.
    known:
      on: warehouse
      sql: SELECT card_number FROM cards
  partner:
    use: partner
    required: false
columns:
  card_number:  { title: { ru: Номер карты, en: Card number }, type: code }
  partner_name: { title: { ru: Партнёр, en: Partner }, type: text }
  barcode:      { title: { ru: Штрихкод, en: Barcode }, type: code }
  issued_on:    { title: { ru: Дата выпуска, en: Issued on }, type: date }
  deleted:      { title: { ru: Удалена, en: Deleted }, type: flag }
  city:         { title: { ru: Город, en: City }, type: text }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
saves: 25
examples:
  - values: { numbers: ["7701200001868759530"] }
    expect: { rows: 1, columns: [card_number, partner_name, barcode, issued_on, deleted, city] }
*/
-- step cards on warehouse
SELECT cards.card_number, brands.name AS partner_name, cards.barcode, cards.issued_on, cards.deleted, cards.city
FROM cards
INNER JOIN brands ON brands.partner_id = cards.partner_id
WHERE cards.card_number IN {{numbers}}
  [[ AND cards.partner_id = {{partner}} ]]
ORDER BY cards.card_number
