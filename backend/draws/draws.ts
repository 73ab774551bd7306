import { randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Draw, DrawConcern, drawFiles, drawsQuery, holdRequest, replacementRequest } from '../../shared/draw.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { maySee, requireAbility, type Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import { toJson, type State, type Transaction } from '../state/state.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { drawPlaces, sha256, type DrawnPlace } from './algorithm.ts';
import { concernsOf, readPlaces, selectDraws, viewOf, type DrawRow } from './draw-rows.ts';
import { protocolFile, publicationFile } from './files.ts';
import { participantsOf } from './freeze.ts';

/** Draws, from the secret seed to who has the prizes now. */
export interface Draws {
  /** Chooses the seed of a new draw; only its hash leaves until the draw is held. */
  prepare(task: Task, about: { subject: string; person: string }): Promise<{ id: string; seedHash: string; lastWinners: string[] }>;
  list(access: Access, query: z.output<typeof drawsQuery>): Promise<Draw[]>;
  get(access: Access, id: string): Promise<Draw>;
  /** Draws the winners, once: a second call answers with the first one's winners. */
  hold(access: Access, id: string, request: z.output<typeof holdRequest>): Promise<Draw>;
  /** Gives the prize of somebody who declined to the next reserve. */
  replace(access: Access, id: string, request: z.output<typeof replacementRequest>): Promise<Draw>;
  files(access: Access, id: string, language: Language): Promise<z.output<typeof drawFiles>>;
}

export interface DrawsParts {
  state: State;
  workbench: Pick<Workbench, 'stream'>;
  catalog: Pick<Catalog, 'task'>;
  timeZone: string;
}

const notFound = () => new Problem('not_found', { ru: 'Такого розыгрыша нет, или он вам не открыт.', en: 'There is no such draw, or it is not open to you.' });
const expired = () => new Problem('result_expired', { ru: 'Список участников уже удалён: срок хранения вышел. Запустите задачу ещё раз.', en: 'The list of participants is gone: its time is over. Run the task again.' });
const notHeld = () => new Problem('conflict', { ru: 'Этот розыгрыш ещё не проведён.', en: 'This draw has not been held yet.' });

const concernWords: Record<DrawConcern, LocalText> = {
  repeated: { ru: 'за этот период розыгрыш уже был', en: 'there was a draw for this period already' },
  notLoaded: { ru: 'данные за период загружены не полностью', en: 'the data of the period is not loaded completely' },
  loadUnknown: { ru: 'неизвестно, до какого времени загружены данные', en: 'it is not known how far the data is loaded' },
};

function reasonNeeded(concerns: DrawConcern[]): Problem {
  const words = (language: Language): string => concerns.map((one) => concernWords[one][language]).join('; ');
  return new Problem('conflict', { ru: `Нужна причина: ${words('ru')}. Она войдёт в протокол.`, en: `A reason is needed: ${words('en')}. It becomes part of the protocol.` });
}

function checkRequest(row: DrawRow, { reason, publicNumber }: z.output<typeof holdRequest>, timeZone: string): void {
  const concerns = concernsOf(row, timeZone);
  if (concerns.length > 0 && reason === undefined) throw reasonNeeded(concerns);
  if (row.outcome.strict && publicNumber === undefined)
    throw new Problem('invalid_request', { ru: 'Нужно число, опубликованное после того, как список участников зафиксирован: например, номер тиража или курс.', en: 'A number that was published after the list of participants was frozen is needed, such as that of a lottery or an exchange rate.' });
  if (!row.outcome.strict && publicNumber !== undefined) throw new Problem('invalid_request', { ru: 'В этом розыгрыше опубликованное число не используется.', en: 'This draw does not use a published number.' });
}

/** Prizes in the order of their list, then reserves. */
function prizeOfPlaces({ prizes, reserves }: DrawRow['outcome']): (number | null)[] {
  return [...prizes.flatMap(({ count }, prize) => Array.from({ length: count }, () => prize)), ...Array.from({ length: reserves }, () => null)];
}

export function openDraws({ state, workbench, catalog, timeZone }: DrawsParts): Draws {
  const isOpenTo = (access: Access, { task_id: taskId }: DrawRow): boolean => {
    const task = catalog.task(taskId);
    return task === undefined ? access.may.has('author') : maySee(access, task);
  };
  const read = async (access: Access, id: string): Promise<DrawRow> => {
    if (!access.may.has('draw') && !access.may.has('author')) requireAbility(access, 'draw');
    const [row] = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await state.query<DrawRow>(`${selectDraws} WHERE d.id = $1 ORDER BY x.finished_at LIMIT 1`, [id]) : [];
    if (row === undefined || !isOpenTo(access, row)) throw notFound();
    return row;
  };
  const shown = async (row: DrawRow): Promise<Draw> => viewOf(row, row.held_at === null ? undefined : await readPlaces(state, row.id), timeZone);

  const places = async (row: DrawRow, publicNumber: string): Promise<DrawnPlace[]> => {
    const table = row.results.find(({ name }) => name === 'participants')?.table;
    if (table === undefined || row.dropped_at !== null) throw expired();
    const participants = await participantsOf(table, workbench as Workbench, AbortSignal.timeout(120_000));
    if (participants.fingerprint !== row.outcome.fingerprint)
      throw new Problem('conflict', { ru: 'Список участников изменился после того, как был зафиксирован. Розыгрыш по нему проводить нельзя: запустите задачу ещё раз и скажите аналитику.', en: 'The list of participants has changed since it was frozen. It cannot be drawn from: run the task again and tell an analyst.' });
    return drawPlaces(participants, { seed: row.seed, publicNumber }, prizeOfPlaces(row.outcome).length);
  };

  const record = async (transaction: Transaction, row: DrawRow, drawn: DrawnPlace[], { by, reason, publicNumber }: { by: string; reason: string | undefined; publicNumber: string | undefined }): Promise<void> => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7201))', [`${row.task_id} ${row.subject}`]);
    const held = await transaction.query<{ id: string }>('SELECT id FROM draws WHERE task_id = $1 AND subject = $2 AND held_at IS NOT NULL', [row.task_id, row.subject]);
    if (held.some(({ id }) => id === row.id)) return;
    if (held.length > 0 && reason === undefined) throw reasonNeeded(['repeated']);
    // The list stays as long as its draw stands.
    const kept = await transaction.query('UPDATE executions SET expires_at = NULL WHERE id = $1 AND dropped_at IS NULL RETURNING id', [row.execution_id]);
    if (kept.length === 0) throw expired();
    await transaction.query('UPDATE draws SET held_at = now(), held_by = $2, repeat = $3, reason = $4, public_number = $5 WHERE id = $1', [row.id, by, held.length, reason ?? null, publicNumber ?? null]);
    const prizes = prizeOfPlaces(row.outcome);
    const rows = drawn.map(({ place, participant, weight }, index) => ({ place, prize: prizes[index] ?? null, participant, weight: Number(weight) }));
    await transaction.query('INSERT INTO draw_places (draw_id, place, prize, participant, weight) SELECT $1::uuid, p.place, p.prize, p.participant, p.weight FROM jsonb_to_recordset($2::jsonb) AS p(place integer, prize integer, participant text, weight bigint)', [row.id, toJson(rows)]);
    await recordAudit(transaction, { person: by, action: 'draw_held', subject: row.id, detail: { task: row.task_id, repeat: held.length } });
  };

  return {
    prepare: async (task, { subject, person }) => {
      const id = randomUUID();
      const seed = randomBytes(32).toString('hex');
      await state.query('INSERT INTO draws (id, task_id, title, subject, seed, prepared_by) VALUES ($1, $2, $3, $4, $5, $6)', [id, task.id, toJson(task.title), subject, seed, person]);
      const winners = await state.query<{ participant: string }>(
        `SELECT DISTINCT w.participant FROM draw_winners w
         WHERE w.participant IS NOT NULL AND w.draw_id = (SELECT d.id FROM draws d WHERE d.task_id = $1 AND d.subject <> $2 AND d.held_at IS NOT NULL ORDER BY d.held_at DESC LIMIT 1) ORDER BY 1`,
        [task.id, subject],
      );
      return { id, seedHash: sha256(seed), lastWinners: winners.map(({ participant }) => participant) };
    },
    list: async (access, { task, limit }) => {
      requireAbility(access, 'draw');
      const rows = await state.query<DrawRow>(`${selectDraws} WHERE ($1::text IS NULL OR d.task_id = $1) AND d.held_at IS NOT NULL ORDER BY d.held_at DESC LIMIT $2`, [task ?? null, limit]);
      return Promise.all(rows.filter((row) => isOpenTo(access, row)).map(shown));
    },
    get: async (access, id) => shown(await read(access, id)),
    hold: async (access, id, request) => {
      requireAbility(access, 'draw');
      const row = await read(access, id);
      if (row.held_at !== null) return shown(row);
      checkRequest(row, request, timeZone);
      const drawn = await places(row, request.publicNumber ?? '');
      await state.transaction((transaction) => record(transaction, row, drawn, { by: access.person, reason: request.reason, publicNumber: request.publicNumber }));
      return shown(await read(access, id));
    },
    replace: async (access, id, { participant, reason }) => {
      requireAbility(access, 'draw');
      const row = await read(access, id);
      if (row.held_at === null) throw notHeld();
      await state.transaction(async (transaction) => {
        await transaction.query('SELECT 1 FROM draws WHERE id = $1 FOR UPDATE', [id]);
        const { winners, reserves } = await readPlaces(transaction, id);
        if (winners.some(({ declined }) => declined.some((one) => one.participant === participant))) return;
        const winner = winners.find((one) => one.participant === participant);
        if (winner === undefined) throw new Problem('not_found', { ru: 'Этого участника нет среди победителей.', en: 'This participant is not among the winners.' });
        await transaction.query('INSERT INTO draw_replacements (draw_id, place, declined, reserve_place, reason, person) VALUES ($1, $2, $3, $4, $5, $6)', [id, winner.place, participant, reserves[0]?.place ?? null, reason, access.person]);
        await recordAudit(transaction, { person: access.person, action: 'winner_replaced', subject: id, detail: { place: winner.place } });
      });
      return shown(await read(access, id));
    },
    files: async (access, id, language) => {
      const draw = await shown(await read(access, id));
      if (draw.held === null) throw notHeld();
      const held = { ...draw, held: draw.held };
      return { protocol: protocolFile(held, language, timeZone), publication: publicationFile(held, language) };
    },
  };
}
