/*
title: { ru: Протокол розыгрыша, en: Protocol of a draw }
description:
  ru: Победители проведённого розыгрыша с учётом замен и всё, чем его можно проверить, – двумя листами.
  en: The winners of a draw that was held, after replacements, and all that it can be checked by, on two sheets.
group: promos
owner: anna@company.example
status: published
form:
  draw:
    kind: choice
    label: { ru: Розыгрыш, en: Draw }
    options:
      on: tasksheet
      sql: |
        SELECT draw_id AS value, concat(title_ru, ' · ', drawn_for, if(repeat = 0, '', ' · ещё раз')) AS label, toString(held_at) AS hint
        FROM draws ORDER BY held_at DESC
columns:
  place:         { title: { ru: Место, en: Place }, type: integer }
  prize_ru:      { title: { ru: Приз, en: Prize in Russian }, type: text }
  prize_en:      { title: { ru: Приз по-английски, en: Prize }, type: text }
  participant:   { title: { ru: Победитель, en: Winner }, type: code }
  title_ru:      { title: { ru: Розыгрыш, en: Draw in Russian }, type: text }
  title_en:      { title: { ru: Розыгрыш по-английски, en: Draw }, type: text }
  drawn_for:     { title: { ru: Период, en: Period }, type: text }
  frozen_by:     { title: { ru: Кто собрал список, en: List made by }, type: text }
  frozen_at:     { title: { ru: Список зафиксирован, en: List frozen }, type: datetime }
  held_by:       { title: { ru: Кто провёл, en: Held by }, type: text }
  held_at:       { title: { ru: Проведён, en: Held }, type: datetime }
  participants:  { title: { ru: Участников, en: Participants }, type: integer }
  tickets:       { title: { ru: Билетов, en: Tickets }, type: integer }
  fingerprint:   { title: { ru: Отпечаток списка, en: Fingerprint of the list }, type: code }
  seed_hash:     { title: { ru: Отпечаток ключа, en: Fingerprint of the key }, type: code }
  seed:          { title: { ru: Ключ, en: Key }, type: code }
  public_number: { title: { ru: Опубликованное число, en: Published number }, type: code }
results:
  winners:  { step: winners, title: { ru: Победители, en: Winners } }
  protocol: { step: protocol, title: { ru: Протокол, en: Protocol } }
*/
-- step winners on tasksheet
SELECT place, prize_ru, prize_en, participant
FROM draw_winners
WHERE draw_id = {{draw}}
ORDER BY place

-- step protocol on tasksheet
SELECT title_ru, title_en, drawn_for, frozen_by, frozen_at, held_by, held_at, participants, tickets, fingerprint, seed_hash, seed, public_number
FROM draws
WHERE draw_id = {{draw}}
ORDER BY held_at
