import { DateTime } from 'luxon';
import { digestMessage } from './compose.ts';
import type { IncidentRow } from './incident-store.ts';
import type { ReportParts } from './report.ts';

/** Once a day, at the channel's own local time: what had no message of its own. The key is the day's, so several backends make one. */
export async function makeDigests(parts: ReportParts): Promise<void> {
  const now = DateTime.fromJSDate(parts.now(), { zone: parts.timeZone });
  for (const { name, digestAt } of parts.channels()) {
    const [hour, minute] = digestAt.split(':').map(Number);
    const due = now.set({ hour: hour ?? 9, minute: minute ?? 0, second: 0, millisecond: 0 });
    if (now < due) continue;
    await parts.state.transaction(async (transaction) => {
      const between = [name, due.minus({ days: 1 }).toJSDate(), due.toJSDate()];
      const untold = await transaction.query<IncidentRow>(
        `SELECT * FROM incidents WHERE channel = $1 AND opened_at >= $2 AND opened_at < $3 AND told_at IS NULL AND cause IS NULL AND state IN ('firing', 'ongoing', 'resolved') AND NOT (state = 'resolved' AND quiet < 2)
         ORDER BY (finding->>'score')::float8 DESC LIMIT 100`,
        between,
      );
      const absorbed = await transaction.query<IncidentRow>(`SELECT * FROM incidents WHERE channel = $1 AND closed_at >= $2 AND closed_at < $3 AND state = 'absorbed' AND told_at IS NOT NULL LIMIT 100`, between);
      if (untold.length + absorbed.length === 0) return;
      await parts.outbox.add(transaction, { key: `digest/${name}/${due.toISODate() ?? ''}`, channel: name, content: digestMessage(untold, absorbed, { timeZone: parts.timeZone, now: parts.now(), path: parts.path }) });
    });
  }
}
