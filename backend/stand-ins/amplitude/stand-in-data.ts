/** One user of a cohort, as the file shows them; an empty `userId` is somebody who never signed in. */
export interface StandInUser {
  amplitudeId: string;
  userId: string;
  properties?: Record<string, string>;
}

/** One cohort of the invented project. */
export interface StandInCohort {
  id: string;
  name: string;
  size: number;
  /** Unix seconds. */
  lastComputed: number;
  archived?: boolean;
  finished?: boolean;
  /** Unpublished cohorts are in no list, and can be downloaded by their id. */
  published?: boolean;
  users: () => Iterable<StandInUser> | AsyncIterable<StandInUser>;
}

/** The project that the stand-in shows. It is asked anew each time, so data may change while it runs. */
export interface StandInData {
  cohorts: () => Promise<StandInCohort[]>;
  events?: () => Promise<{ value: string; display?: string; totals: number; nonActive?: boolean; deleted?: boolean; hidden?: boolean }[]>;
  /** Totals by day (`YYYY-MM-DD`) of the days asked for, the last one included; `null` for an unknown event. */
  totals?: (event: string, days: { first: string; last: string }) => Promise<Record<string, number> | null>;
}
