/*
title: { ru: Кто в когорте, en: Who is in a cohort }
description:
  ru: Люди из когорты Amplitude с полом, возрастом и городом из CRM и числом карт. Сводка по городам и список.
  en: People of an Amplitude cohort with sex, age and city from the CRM and how many cards they have. A summary by city and a list.
group: mailings
owner: anna@company.example
status: published
file: { ru: "Когорта {{cohort}}", en: "Cohort {{cohort}}" }
form:
  cohort: { kind: cohort, label: { ru: Когорта Amplitude, en: Amplitude cohort } }
  sex:
    kind: choices
    label: { ru: Пол, en: Sex }
    required: false
    options:
      - { value: f, label: { ru: женский, en: female } }
      - { value: m, label: { ru: мужской, en: male } }
  age: { kind: numberRange, label: { ru: Возраст, en: Age }, min: 14, max: 100, required: false }
results:
  cities: { step: cities, title: { ru: По городам, en: By city } }
  people: { step: people, title: { ru: Люди, en: People } }
columns:
  user_id: { title: { ru: Пользователь, en: User }, type: code, personal: true }
  sex:     { title: { ru: Пол, en: Sex }, type: text }
  age:     { title: { ru: Возраст, en: Age }, type: integer }
  city:    { title: { ru: Город, en: City }, type: text }
  cards:   { title: { ru: Карт, en: Cards }, type: integer }
  people:  { title: { ru: Людей, en: People }, type: integer }
  average_cards: { title: { ru: Карт на человека, en: Cards per person }, type: decimal }
chart: { kind: bar, x: city, y: people, result: cities }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
saves: 60
examples:
  - values: { cohort: 1a2bc3d }
    expect: { rowsAtLeast: 5, columns: [city, people, average_cards] }
*/
-- step cohort on amplitude (user_id: integer)
cohort: {{cohort}}

-- step profiles on crm
SELECT user_id, sex, age, city
FROM profiles
WHERE user_id IN (SELECT user_id FROM steps.cohort)
  [[ AND sex IN {{sex}} ]]
  [[ AND age BETWEEN {{age.from}} AND {{age.until}} ]]

-- step cards on warehouse
SELECT user_id, count() AS cards
FROM cards
WHERE NOT deleted AND user_id IN (SELECT user_id FROM steps.cohort)
GROUP BY user_id

-- step people on workbench
SELECT profiles.user_id AS user_id, profiles.sex AS sex, profiles.age AS age, profiles.city AS city, toUInt32(ifNull(cards.cards, 0)) AS cards
FROM steps.profiles AS profiles
LEFT JOIN steps.cards AS cards ON cards.user_id = profiles.user_id
ORDER BY user_id

-- step cities on workbench
SELECT ifNull(city, '—') AS city, count() AS people, round(avg(cards), 2) AS average_cards
FROM steps.people
GROUP BY city
ORDER BY people DESC, city
