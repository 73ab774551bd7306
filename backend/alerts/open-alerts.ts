import { randomUUID } from 'node:crypto';
import { isSignature, sign } from '../access/keys.ts';
import { Problem } from '../../shared/problem.ts';
import type { Incident } from '../../shared/alert.ts';
import type { ChannelSettings } from '../catalog/task.ts';
import type { Log } from '../log.ts';
import type { State } from '../state/state.ts';
import type { AlertEvent, Alerts } from './alerts.ts';
import { contentOf } from './content.ts';
import { startCourier } from './courier.ts';
import { decide, decisionsOf } from './decide.ts';
import { makeDigests } from './digest.ts';
import { incidentView, type IncidentRow } from './incident-store.ts';
import { openOutbox } from './outbox.ts';
import type { StandInChannel } from './open-channels.ts';
import { render } from './render.ts';
import { channelOf, report, type ReportParts } from './report.ts';

export interface AlertsParts {
  state: State;
  /** Signs the links in messages. */
  key: Buffer;
  log: Log;
  channels: () => ChannelSettings[];
  environment: Record<string, string | undefined>;
  timeZone: string;
  address: () => string;
  /** Whether services outside can fetch pictures from this backend. */
  reachable: boolean;
  /** By channel: what the product itself runs in place of its service. */
  standIns?: ReadonlyMap<string, StandInChannel>;
  answerSeconds?: number;
  now?: () => Date;
}

const minuteMs = 60_000;
const openDays = 30;
const mostShown = 500;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function gone(): Problem {
  return new Problem('link_gone', { ru: 'По этой ссылке ничего нет: она скопирована не целиком, или оповещение давно закрыто.', en: 'There is nothing at this link: it was not copied whole, or the alert was closed long ago.' });
}

const trial: AlertEvent = { key: '', tone: 'news', title: { ru: 'Проверка канала Tasksheet', en: 'A trial of the Tasksheet channel' }, lines: [{ ru: 'Сообщения сюда доходят.', en: 'Messages get here.' }] };

/** Starts delivery and answers for incidents. */
export function openAlerts(parts: AlertsParts): Alerts {
  const { state, key, log, channels, timeZone, address, reachable, environment, standIns, answerSeconds = 15, now = () => new Date() } = parts;
  const outbox = openOutbox(state);
  const path = (incident: string) => `/a/${incident}.${sign(key, incident)}`;
  const reporting: ReportParts = { state, outbox, channels, now, timeZone, path };
  const courier = startCourier({
    outbox,
    log,
    channels,
    environment,
    answerSeconds,
    ...(standIns === undefined ? {} : { standIns }),
    render: (message, { name, language }) => render(message, { language, timeZone, now: now(), address: address(), incidentPath: path, reachable: reachable || standIns?.has(name) === true }),
  });
  const minute = () => void Promise.all([makeDigests(reporting), outbox.tidy()]).catch((error: unknown) => log.error('digest_failed', error));
  const timer = setInterval(minute, minuteMs);
  const find = async (id: string): Promise<Incident | undefined> => {
    const [row] = uuid.test(id) ? await state.query<IncidentRow>('SELECT * FROM incidents WHERE id = $1', [id]) : [];
    return row === undefined ? undefined : incidentView(row);
  };
  return {
    notify: async (event, transaction = state) => {
      const channel = channelOf(event.channel, channels());
      if (channel === undefined) log.info('nobody_told', { key: event.key, reason: 'channels.yaml has no channel' });
      else await outbox.add(transaction, { key: event.key, channel: channel.name, content: contentOf(event) });
    },
    report: (evaluations) => report(reporting, evaluations),
    incidents: async ({ monitor, open, limit = mostShown } = {}) => {
      const rows = await state.query<IncidentRow>(
        `SELECT * FROM incidents WHERE ($1::text IS NULL OR monitor = $1) AND ($2::boolean IS NULL OR (closed_at IS NULL) = $2) AND state <> 'pending' ORDER BY closed_at IS NULL DESC, opened_at DESC, number DESC LIMIT $3`,
        [monitor ?? null, open ?? null, Math.min(limit, mostShown)],
      );
      return rows.map(incidentView);
    },
    incident: find,
    decide: async (id, decision, person) => {
      if (!uuid.test(id)) throw new Problem('not_found', { ru: 'Такого оповещения нет.', en: 'There is no such alert.' });
      await decide(state, { id, decision, person, now: now() });
      return (await find(id)) as Incident;
    },
    decisions: (monitor) => decisionsOf(state, monitor),
    channels: () => courier.reports(),
    openLink: async (text) => {
      const [id = '', signature = '', ...rest] = text.split('.');
      if (rest.length > 0 || !isSignature(key, id, signature)) throw gone();
      const incident = await find(id);
      const closed = incident?.closedAt ?? null;
      if (incident === undefined || (closed !== null && now().getTime() - Date.parse(closed) > openDays * 86_400_000)) throw gone();
      return incident;
    },
    test: (channel, signal) => courier.test(channel, `test/${randomUUID()}`, contentOf(trial), signal),
    close: async () => {
      clearInterval(timer);
      await courier.close();
    },
  };
}
