/*
title: { ru: Проверка списка партнёра, en: Check a partner's list }
description:
  ru: Загрузите файл партнёра с номерами карт (CSV или Excel) — увидите, какие есть у нас, чьи они и живы ли.
  en: Upload a partner's file with card numbers (CSV or Excel) to see which of them we have, of which partner, and whether they are alive.
group: exports
owner: anna@company.example
status: published
file: { ru: "Проверка списка", en: "Checked list" }
form:
  list:
    kind: file
    label: { ru: Файл с номерами, en: File with numbers }
    help:
      ru: В файле должен быть столбец «Номер карты». Остальные столбцы не мешают.
      en: The file needs a column “Card number”. Other columns do no harm.
    columns:
      card_number: { type: code, title: { ru: Номер карты, en: Card number } }
results:
  summary: { step: summary, title: { ru: Итого, en: Totals } }
  cards: { step: checked, title: { ru: Карты, en: Cards } }
columns:
  card_number:  { title: { ru: Номер карты, en: Card number }, type: code }
  found:        { title: { ru: Есть у нас, en: Found }, type: flag }
  partner_name: { title: { ru: Партнёр, en: Partner }, type: text }
  issued_on:    { title: { ru: Дата выпуска, en: Issued on }, type: date }
  state:        { title: { ru: Состояние, en: State }, type: text }
  cards:        { title: { ru: Карт, en: Cards }, type: integer }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
saves: 40
*/
-- step checked on warehouse
SELECT
  given.card_number AS card_number,
  cards.card_number != '' AS found,
  brands.name AS partner_name,
  if(found, cards.issued_on, NULL) AS issued_on,
  multiIf(NOT found, 'нет у нас', cards.deleted, 'удалена', 'действует') AS state
FROM (SELECT DISTINCT card_number FROM {{list}} WHERE card_number != '') AS given
LEFT JOIN (SELECT card_number, any(partner_id) AS partner_id, max(issued_on) AS issued_on, min(deleted) AS deleted FROM cards WHERE card_number IN (SELECT card_number FROM {{list}}) GROUP BY card_number) AS cards ON cards.card_number = given.card_number
LEFT JOIN brands ON brands.partner_id = cards.partner_id
ORDER BY card_number

-- step summary on workbench
SELECT state, count() AS cards FROM steps.checked GROUP BY state ORDER BY cards DESC
