import type { LocalText } from '../../shared/language.ts';
import { toJson, type State, type Transaction } from '../state/state.ts';
import type { Delivery } from './channels/channel.ts';
import type { MessageContent } from './content.ts';

export interface WaitingMessage {
  channel: string;
  id: number;
  content: MessageContent;
  doubtful: boolean;
  madeAt: Date;
}

export interface LaneReport {
  lane: string;
  lastSentAt: Date | null;
  /** Tries in a row that came to nothing. */
  failures: number;
  trouble: LocalText | null;
}

/** Slack takes one message a second at an address. */
const pauseSeconds = 1.1;
const backoff = { firstSeconds: 5, mostSeconds: 600 };
/** An unknown outcome may be a message that has arrived: repeats are rarer. */
const doubt = { firstSeconds: 60, mostSeconds: 3_600 };
/** How often a broken address is tried by itself; `alert test` tries it at once. */
const brokenSeconds = 86_400;
const keepDays = 90;

/** Messages wait here, in order, until a channel has taken them. */
export interface Outbox {
  /** False when a message of this key is there already. */
  add(transaction: Transaction, message: { key: string; channel: string; content: MessageContent }): Promise<boolean>;
  /** Channels that anything waits for, and how much. */
  waiting(): Promise<Map<string, number>>;
  /** The next message of a lane, now this backend's to send; `undefined` while there is none, or it is not its time. */
  claim(lane: string, channels: string[]): Promise<WaitingMessage | undefined>;
  /** A trial message, past all others; `undefined` while another one is on its way. */
  claimTrial(lane: string, message: { key: string; channel: string; content: MessageContent }): Promise<WaitingMessage | undefined>;
  settle(lane: string, id: number, delivery: Delivery): Promise<void>;
  /** A trial that was not taken is not tried again. */
  drop(id: number, trouble: string): Promise<void>;
  lanes(): Promise<LaneReport[]>;
  tidy(): Promise<void>;
}

const waitOf = (failures: number, { firstSeconds, mostSeconds }: typeof backoff) => Math.min(mostSeconds, firstSeconds * 2 ** Math.min(failures, 20));

async function lockLane(transaction: Transaction, lane: string): Promise<{ free: boolean; failures: number }> {
  await transaction.query('INSERT INTO alert_lanes (lane) VALUES ($1) ON CONFLICT DO NOTHING', [lane]);
  const [row] = await transaction.query<{ free: boolean; failures: number }>('SELECT free_at <= clock_timestamp() AS free, failures FROM alert_lanes WHERE lane = $1 FOR UPDATE', [lane]);
  return row ?? { free: false, failures: 0 };
}

const columns = 'id, channel, content, doubtful, made_at AS "madeAt"';

async function settleLane(transaction: Transaction, lane: string, delivery: Delivery, failures: number): Promise<void> {
  const free = (seconds: number, more = '', ...given: string[]) =>
    transaction.query(`UPDATE alert_lanes SET free_at = clock_timestamp() + make_interval(secs => $2)${more} WHERE lane = $1`, [lane, seconds, ...given]);
  switch (delivery.outcome) {
    case 'sent':
      await free(pauseSeconds, ', failures = 0, broken_since = NULL, trouble = NULL, last_sent_at = clock_timestamp()');
      return;
    case 'refused':
      await free(pauseSeconds);
      return;
    case 'later':
      await free(delivery.afterSeconds ?? waitOf(failures, backoff), ', failures = failures + 1');
      return;
    case 'unknown':
      await free(waitOf(failures, doubt), ', failures = failures + 1');
      return;
    case 'broken':
      await free(brokenSeconds, ', broken_since = coalesce(broken_since, clock_timestamp()), trouble = $3', toJson(delivery.trouble));
      return;
  }
}

async function settleMessage(transaction: Transaction, id: number, delivery: Delivery): Promise<void> {
  const settled = delivery.outcome === 'sent' || delivery.outcome === 'refused';
  const trouble = delivery.outcome === 'sent' ? null : typeof delivery.trouble === 'string' ? delivery.trouble : delivery.trouble.en;
  await transaction.query(
    `UPDATE alert_messages SET state = $2, tries = tries + 1, sender = NULL, trouble = $3, doubtful = doubtful OR $4, settled_at = CASE WHEN $5 THEN clock_timestamp() END WHERE id = $1`,
    [id, settled ? delivery.outcome : 'waiting', trouble, delivery.outcome === 'unknown', settled],
  );
}

/** The clock is the database's: those of backends differ. */
export function openOutbox(state: State): Outbox {
  /** Whether somebody who lives is sending on this lane. What a dead backend was sending may have arrived. */
  const isSending = async (transaction: Transaction, channels: string[], live: string[]): Promise<boolean> => {
    await transaction.query(`UPDATE alert_messages SET state = 'waiting', doubtful = true, sender = NULL WHERE channel = ANY($1) AND state = 'sending' AND NOT (sender = ANY($2))`, [channels, live]);
    return (await transaction.query(`SELECT 1 FROM alert_messages WHERE channel = ANY($1) AND state = 'sending' LIMIT 1`, [channels])).length > 0;
  };
  return {
    add: async (transaction, { key, channel, content }) =>
      (await transaction.query('INSERT INTO alert_messages (key, channel, content) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING id', [key, channel, toJson(content)])).length > 0,
    waiting: async () => {
      const rows = await state.query<{ channel: string; count: number }>(`SELECT channel, count(*) AS count FROM alert_messages WHERE state IN ('waiting', 'sending') GROUP BY channel`);
      return new Map(rows.map(({ channel, count }) => [channel, count]));
    },
    claim: async (lane, channels) => {
      const live = await state.liveInstances();
      return state.transaction(async (transaction) => {
        const { free } = await lockLane(transaction, lane);
        if (!free || (await isSending(transaction, channels, live))) return undefined;
        const [message] = await transaction.query<WaitingMessage>(
          `UPDATE alert_messages SET state = 'sending', sender = $2 WHERE id = (SELECT id FROM alert_messages WHERE channel = ANY($1) AND state = 'waiting' ORDER BY id LIMIT 1) RETURNING ${columns}`,
          [channels, state.instanceId],
        );
        return message;
      });
    },
    claimTrial: async (lane, { key, channel, content }) => {
      const live = await state.liveInstances();
      return state.transaction(async (transaction) => {
        await lockLane(transaction, lane);
        if (await isSending(transaction, [channel], live)) return undefined;
        const [message] = await transaction.query<WaitingMessage>(`INSERT INTO alert_messages (key, channel, content, state, sender) VALUES ($1, $2, $3, 'sending', $4) RETURNING ${columns}`, [key, channel, toJson(content), state.instanceId]);
        return message;
      });
    },
    settle: (lane, id, delivery) =>
      state.transaction(async (transaction) => {
        const { failures } = await lockLane(transaction, lane);
        await settleMessage(transaction, id, delivery);
        await settleLane(transaction, lane, delivery, failures);
      }),
    drop: async (id, trouble) => {
      await state.query(`UPDATE alert_messages SET state = 'refused', sender = NULL, trouble = $2, settled_at = clock_timestamp() WHERE id = $1 AND state <> 'sent'`, [id, trouble]);
    },
    lanes: () => state.query('SELECT lane, last_sent_at AS "lastSentAt", failures, trouble FROM alert_lanes'),
    tidy: async () => {
      await state.query(`DELETE FROM alert_messages WHERE settled_at < now() - make_interval(days => $1)`, [keepDays]);
    },
  };
}
