import { planted } from './planted-facts.ts';
import { dayFromToday, hashed, instant, literal, loadedAt, sampleZone, share, type SamplePlan, type SampleStatement } from './plan.ts';

const texts = [
  'скидка 20 % на кофе до воскресенья ☕',
  'двойные баллы в эти выходные',
  'ваши баллы сгорят через 7 дней',
  'новая карта лояльности — уже в приложении',
  'подарок за покупку от 1 500 ₽ 🎁',
  'соберите 5 наклеек и получите плед',
  'только сегодня: доставка 0 ₽',
  'мы открылись рядом с вами',
  'чёрная пятница началась раньше',
  'вернём 10 % баллами за любую покупку',
];

const pushesOfBrand = 6;

export function pushStatements(plan: SamplePlan): SampleStatement[] {
  return [...pushes(plan), ...deliveries(plan)];
}

/** Six pushes of each connected brand, four weeks apart, and the planted one. */
function pushes(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const exact = dayFromToday(plan, -planted.push.daysAgo);
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.pushes (
        push_id UInt32, partner_id UInt16, sent_at DateTime('${sampleZone}'), sent_on Date, text String, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (partner_id, sent_on, push_id)`,
    },
    {
      cost: 0.2,
      sql: `INSERT INTO ${database}.pushes
        SELECT toUInt32(1000 + partner_id * ${pushesOfBrand} + wave) AS push_id, partner_id,
          ${instant('sent_on', `36000 + ${hashed('push second', 'partner_id', 'wave')} % 32400`)} AS sent_at, sent_on,
          concat(name, ': ', [${texts.map(literal).join(', ')}][1 + ${hashed('text', 'partner_id', 'wave')} % ${texts.length}]) AS text,
          ${loadedAt(dayFromToday(plan, -1))} AS loaded_at
        FROM (
          SELECT partner_id, name, connected_on, arrayJoin(range(${pushesOfBrand})) AS wave,
            ${dayFromToday(plan, `-10 - toInt32(wave) * 28 - toInt32(${hashed('push day', 'partner_id')} % 20)`)} AS sent_on
          FROM ${database}.brands WHERE connected_on IS NOT NULL
        ) WHERE sent_on >= connected_on
        UNION ALL
        SELECT toUInt32(${planted.push.id}), toUInt16(${planted.lentaId}), ${instant(exact, '43200')}, ${exact},
          'Лента: −30 % на всё для школы 🎒 до конца недели', ${loadedAt(dayFromToday(plan, -1))}`,
    },
  ];
}

/** Who each push was sent to: holders of that brand's live cards issued before it; most receive, fewer read. */
function deliveries(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const columns = 'push_id, partner_id, user_id, sent_at, sent_on, received_at, read_at, loaded_at';
  const exact = { sent: scaled(planted.push.sent, plan), received: scaled(planted.push.received, plan), read: scaled(planted.push.read, plan) };
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.push_deliveries (
        push_id UInt32, partner_id UInt16, user_id UInt32, sent_at DateTime('${sampleZone}'), sent_on Date,
        received_at Nullable(DateTime('${sampleZone}')), read_at Nullable(DateTime('${sampleZone}')), loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (partner_id, push_id, user_id)`,
    },
    {
      cost: 10,
      sql: `INSERT INTO ${database}.push_deliveries (${columns})
        SELECT push_id, partner_id, user_id, sent_at, sent_on,
          if(${share('received', 'push_id', 'user_id')} < 0.86, toNullable(sent_at + toIntervalSecond(wait)), NULL) AS received_at,
          if(received_at IS NOT NULL AND ${share('read', 'push_id', 'user_id')} < 0.31, ${readAt}, NULL) AS read_at,
          ${loadedAt(dayFromToday(plan, -1))} AS loaded_at
        FROM (
          SELECT pushes.push_id AS push_id, pushes.partner_id AS partner_id, cards.user_id AS user_id, pushes.sent_at AS sent_at, pushes.sent_on AS sent_on,
            ${wait} AS wait
          FROM ${database}.cards AS cards INNER JOIN ${database}.pushes AS pushes ON cards.partner_id = pushes.partner_id
          WHERE NOT cards.deleted AND cards.issued_on < pushes.sent_on AND pushes.push_id != ${planted.push.id}
        )`,
    },
    {
      cost: 1,
      sql: `INSERT INTO ${database}.push_deliveries (${columns})
        SELECT push_id, partner_id, user_id, sent_at, sent_on,
          if(place <= ${exact.received}, toNullable(sent_at + toIntervalSecond(wait)), NULL) AS received_at,
          if(place <= ${exact.read}, ${readAt}, NULL) AS read_at,
          ${loadedAt(dayFromToday(plan, -1))} AS loaded_at
        FROM (
          SELECT toUInt32(${planted.push.id}) AS push_id, partner_id, user_id,
            ${instant(dayFromToday(plan, -planted.push.daysAgo), '43200')} AS sent_at, ${dayFromToday(plan, -planted.push.daysAgo)} AS sent_on,
            row_number() OVER (ORDER BY card_number) AS place, ${wait} AS wait
          FROM ${database}.cards
          WHERE partner_id = ${planted.lentaId} AND NOT deleted AND issued_on < ${dayFromToday(plan, -planted.push.daysAgo)}
          ORDER BY card_number LIMIT ${exact.sent}
        )`,
    },
  ];
}

/** Seconds until a phone is reached: mostly at once, up to six hours. */
const wait = `toUInt32(1 + 21600 * pow(${share('wait', 'user_id', 'push_id')}, 6))`;
/** Read within three days, and never after the data ends. */
const readAt = `toNullable(sent_at + toIntervalSecond(wait + toUInt32(20 + 240000 * pow(${share('delay', 'user_id', 'push_id')}, 3))))`;

function scaled(count: number, plan: SamplePlan): number {
  return Math.round(count * plan.scale);
}
