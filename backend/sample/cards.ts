import { sampleBrands } from './brands.ts';
import { plantedNotes, planted } from './planted-facts.ts';
import { cityOf } from './users.ts';
import { dayFromToday, firstDay, hashed, instant, literal, loadedAt, registeredAfter, registrationDays, sampleZone, share, wakingSecond, type SamplePlan, type SampleStatement } from './plan.ts';

/** Cards of each brand at the plan's scale. */
export function cardsOf(hundreds: number, scale: number): number {
  return Math.round(hundreds * 100 * scale);
}

export function brandStatements(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const rows = sampleBrands.map((brand, index) => {
    const connected = brand.connectedDaysAgo === null ? 'NULL' : dayFromToday(plan, -brand.connectedDaysAgo);
    return `SELECT ${index + 1}, ${literal(brand.name)}, ${literal(brand.category)}, ${connected}, ${literal(brand.note ?? '')}, ${loadedAt(dayFromToday(plan, -1))}`;
  });
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.brands (
        partner_id UInt16, name String, category LowCardinality(String), connected_on Nullable(Date), note String, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY partner_id`,
    },
    { cost: 0.2, sql: `INSERT INTO ${database}.brands ${rows.join('\nUNION ALL ')}` },
  ];
}

/**
 * Cards brand by brand, an exact number each. The k-th card of a brand belongs to another person than all its other
 * cards: the step from one person to the next is a prime above the number of people.
 */
export function cardStatements(plan: SamplePlan): SampleStatement[] {
  const { database } = plan;
  const counts = sampleBrands.map((brand) => cardsOf(brand.hundreds, plan.scale));
  const twins = Math.max(1, Math.round(planted.duplicateCards * plan.scale));
  const numberOf = (k: string) => `toString(7700000000000000000 + toUInt64(partner_id) * 100000000000000 + (${k}) * 1868718953 + 40577)`;
  const note = plantedNotes.map((text, index) => `partner_id = ${planted.lentaId} AND k = ${index + 1}, ${literal(text)}`);
  return [
    {
      cost: 0.1,
      sql: `CREATE TABLE ${database}.cards (
        card_number String, barcode String, partner_id UInt16, user_id UInt32, kind LowCardinality(String), city LowCardinality(Nullable(String)),
        issued_at DateTime('${sampleZone}'), issued_on Date, deleted Bool, note String, loaded_at DateTime('${sampleZone}')
      ) ENGINE = MergeTree ORDER BY (partner_id, issued_on, card_number)`,
    },
    {
      cost: 4,
      sql: `INSERT INTO ${database}.cards
        SELECT
          ${numberOf(`if(partner_id = ${planted.duplicateBrandId} AND k < ${twins}, k + ${twins}, k)`)} AS card_number,
          concat('000', leftPad(toString(partner_id), 2, '0'), leftPad(toString((k * 7368787 + partner_id) % 100000000), 8, '0')) AS barcode,
          partner_id, user_id,
          if(connected_on IS NOT NULL AND issued_on >= connected_on AND ${share('digital', 'partner_id', 'k')} < 0.8, 'digital', 'plastic') AS kind,
          ${cityOf('user_id')} AS city,
          ${instant('issued_on', wakingSecond('after - floor(after)'))} AS issued_at,
          issued_on,
          k % 20 = 0 AS deleted,
          multiIf(${note.join(', ')}, '') AS note,
          ${loadedAt('issued_on')} AS loaded_at
        FROM (
          SELECT partner_id, k, user_id, connected_on,
            registered + (${registrationDays} - registered) * ${share('issued', 'partner_id', 'k')} AS after,
            ${firstDay(plan)} + toUInt32(floor(after)) AS issued_on
          FROM (
            SELECT partner_id, connected_on, arrayJoin(range([${counts.join(', ')}][partner_id])) AS k,
              toUInt32(1 + (${hashed('first owner', 'partner_id')} % 1000000 + k * 7368787) % ${plan.users}) AS user_id,
              ${registeredAfter(plan, 'user_id')} AS registered
            FROM ${database}.brands
          )
        )`,
    },
  ];
}
