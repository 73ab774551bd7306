/*
title: { ru: Доля активных в приложении, en: Share of active users }
description:
  ru: Какая доля людей, открывавших приложение, сделала нужное действие не меньше заданного числа раз. Период, действие, порог и разрез — на ваш выбор.
  en: What share of the people who opened the app did an action at least so many times. Period, action, threshold and breakdown are yours to choose.
group: metrics
owner: anna@company.example
status: published
file: { ru: "Доля активных {{period}}", en: "Share of active users {{period}}" }
form:
  period:
    kind: dateRange
    label: { ru: Период, en: Period }
    default: lastMonth
    maxDays: 186
  action:
    kind: choice
    label: { ru: Действие, en: Action }
    default: card_scan
    options:
      - { value: card_scan,   label: { ru: Показал карту на кассе, en: Showed a card at the till } }
      - { value: card_view,   label: { ru: Открыл карту, en: Opened a card } }
      - { value: card_added,  label: { ru: Добавил карту, en: Added a card } }
      - { value: offer_view,  label: { ru: Посмотрел предложение, en: Viewed an offer } }
      - { value: offer_click, label: { ru: Нажал на предложение, en: Tapped an offer } }
      - { value: search,      label: { ru: Искал, en: Searched } }
  times:
    kind: number
    label: { ru: Не меньше раз, en: At least times }
    help:
      ru: Сколько раз за период человек должен сделать это действие.
      en: How many times in the period a person must do the action.
    default: 2
    min: 1
    max: 1000
  breakdown:
    kind: choice
    label: { ru: Разрез, en: Breakdown }
    default: none
    options:
      - { value: none,     label: { ru: Без разреза, en: None },    sql: "'все'" }
      - { value: platform, label: { ru: Платформа, en: Platform },  sql: "ifNull(users.platform, 'неизвестно')" }
      - { value: city,     label: { ru: Город, en: City },          sql: "ifNull(users.city, 'неизвестно')" }
      - { value: sex,      label: { ru: Пол, en: Sex },             sql: "multiIf(users.sex = 'f', 'женский', users.sex = 'm', 'мужской', 'неизвестно')" }
  narrow:
    kind: toggle
    label: { ru: Только часть людей, en: Only some people }
    default: false
  age:
    kind: numberRange
    label: { ru: Возраст, en: Age }
    required: false
    min: 14
    max: 100
    visibleWhen: { field: narrow, is: [true] }
  sex:
    kind: choices
    label: { ru: Пол, en: Sex }
    required: false
    visibleWhen: { field: narrow, is: [true] }
    options:
      - { value: f, label: { ru: женский, en: female } }
      - { value: m, label: { ru: мужской, en: male } }
  since:
    kind: date
    label: { ru: Зарегистрированы не позже, en: Registered no later than }
    required: false
    visibleWhen: { field: narrow, is: [true] }
columns:
  part:   { title: { ru: Разрез, en: Breakdown }, type: text }
  people: { title: { ru: Открывали приложение, en: Opened the app }, type: integer }
  active: { title: { ru: Из них активных, en: Active of them }, type: integer }
  share:  { title: { ru: Доля активных, en: Share of active }, type: percent }
chart: { kind: bar, x: part, y: [share] }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM events" }
needs: complete
limits: { time: 120 }
saves: 60
examples:
  - values: { period: lastMonth, action: card_scan, times: 2, breakdown: platform }
    expect: { rows: 3, columns: [part, people, active, share] }
*/
-- step people on warehouse
SELECT user_id, countIf(event_name = {{action}}) AS times
FROM events
WHERE event_on >= {{period.from}} AND event_on < {{period.until}}
  AND event_name IN ('app_open', {{action}})
GROUP BY user_id
HAVING countIf(event_name = 'app_open') > 0

-- step shares on warehouse
SELECT
  {{breakdown}} AS part,
  count() AS people,
  countIf(steps_people.times >= {{times}}) AS active,
  active / people AS share
FROM steps.people AS steps_people
INNER JOIN users ON users.user_id = steps_people.user_id
WHERE 1
  [[ AND toYear({{period.until}}) - users.birth_year BETWEEN {{age.from}} AND {{age.until}} ]]
  [[ AND users.sex IN {{sex}} ]]
  [[ AND users.registered_on <= {{since}} ]]
GROUP BY part
ORDER BY people DESC, part
