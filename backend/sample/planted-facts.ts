/** What tests and documentation rely on; the page for people is docs/sample-company.md. Counts are at full scale. */
export const planted = {
  lentaId: 12,
  /** Cards of Лента, and those of them that are deleted: every twentieth. */
  lentaCards: 30_000,
  lentaDeletedCards: 1_500,
  lentaConnectedDaysAgo: 120,
  /** Connected, but without a single card. */
  emptyBrandId: 40,
  /** Магнит: this many card numbers stand twice, in the wallets of two people. */
  duplicateBrandId: 1,
  duplicateCards: 25,
  /** A push of Лента whose funnel is exact. */
  push: { id: 9001, daysAgo: 7, sent: 10_000, received: 8_600, read: 2_580 },
  /** No event at all in the hour from 14:00. */
  outage: { daysAgo: 20, hour: 14 },
  /** From 18:00 to 20:00 three of ten scans at the till fail. */
  barcodeErrors: { daysAgo: 10, fromHour: 18, untilHour: 20 },
  /** From 10:00 to 16:00 no `offer_click` is recorded. */
  lostClicks: { daysAgo: 33, fromHour: 10, untilHour: 16 },
} as const;

/** Notes of Лента's cards number 1, 2, 3, …: text that must reach a file or a sheet as it is. */
export const plantedNotes: readonly string[] = [
  '=HYPERLINK("https://example.com","Скидка")',
  '+7 (495) 000-00-00',
  '@SUM(A1:A9)',
  '-5+3',
  'Сказали: «карта "золотая"», проверить',
  'Две\nстроки',
  '🎁 подарок; скидка, 20%',
  '0012',
  "О'Нил \\ партнёр",
  '\tотступ',
];
