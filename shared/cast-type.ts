/** Words by which an author types a step's column: `-- step users on amplitude (user_id: string)`. */
export const castTypes = ['string', 'integer', 'decimal', 'date', 'datetime', 'boolean'] as const;

export type CastType = (typeof castTypes)[number];
