import { createHash, randomUUID } from 'node:crypto';
import type { Decision, ExperimentOutcome, ExperimentSummary, decisionRequest, experimentsQuery } from '../../shared/experiment.ts';
import type { z } from 'zod';
import type { FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { maySee, maySeeRun, requireAbility, type Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import { toJson, type State } from '../state/state.ts';
import type { ExperimentSection } from './section.ts';

/** What is written down before anybody has looked: what the test is judged by. */
export interface Registration {
  hypothesis: LocalText;
  target: string;
  targetTitle: LocalText;
  groups: ExperimentSection['groups'];
  planned: ExperimentSection['planned'];
}

/** Tests, from the first look to the decision. */
export interface Experiments {
  /** Writes a test down at its first run; later ones get what was written then. */
  register(task: Task, values: FormValues, registration: Registration, person: string): Promise<{ id: string; registered: Registration }>;
  list(access: Access, query: z.output<typeof experimentsQuery>): Promise<ExperimentSummary[]>;
  get(access: Access, id: string): Promise<ExperimentSummary>;
  decide(access: Access, id: string, request: z.output<typeof decisionRequest>): Promise<ExperimentSummary>;
}

interface Row {
  id: string;
  task_id: string;
  title: LocalText;
  registration: Registration;
  registered_by: string;
  registered_at: Date;
  looks: string | number;
  latest: ExperimentOutcome | null;
  latest_at: Date | null;
  decisions: { decision: Decision['decision']; why: string; person: string; at: string; number: string | null }[] | null;
}

const select = `
SELECT e.id, e.task_id, e.title, e.registration, e.registered_by, e.registered_at,
  (SELECT count(*) FROM executions x WHERE x.outcome->>'experimentId' = e.id::text) AS looks,
  latest.outcome AS latest, latest.finished_at AS latest_at,
  (SELECT jsonb_agg(jsonb_build_object('decision', d.decision, 'why', d.why, 'person', d.person, 'at', d.decided_at, 'number', r.number) ORDER BY d.id)
   FROM experiment_decisions d LEFT JOIN runs r ON r.id = d.run_id WHERE d.experiment_id = e.id) AS decisions
FROM experiments e
LEFT JOIN LATERAL (SELECT x.outcome, x.finished_at FROM executions x WHERE x.outcome->>'experimentId' = e.id::text AND x.state = 'succeeded' ORDER BY x.finished_at DESC LIMIT 1) latest ON true`;

function valuesKey(values: FormValues): string {
  const sorted = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function summaryOf(row: Row): ExperimentSummary {
  const decided = (row.decisions ?? []).map(({ number, at, ...rest }): Decision => ({ ...rest, at: new Date(at).toISOString(), runNumber: number }));
  const { latest, latest_at: at } = row;
  return {
    id: row.id,
    taskId: row.task_id,
    title: row.title,
    hypothesis: row.registration.hypothesis,
    target: row.registration.targetTitle,
    registeredAt: row.registered_at.toISOString(),
    registeredBy: row.registered_by,
    state: decided.some(({ decision }) => decision !== 'continue') ? 'decided' : latest === null ? 'planned' : latest.running ? 'running' : 'readOut',
    looks: Number(row.looks),
    latest: latest === null || at === null ? null : { at: at.toISOString(), running: latest.running, users: latest.users, arms: latest.arms },
    decisions: decided,
  };
}

/** Every word of the search is somewhere in the test: its names, hypothesis, target, what came out, what was decided. */
function isFound({ title, hypothesis, target, latest, decisions, taskId }: ExperimentSummary, search: string): boolean {
  const arms = latest?.arms ?? [];
  const texts = [title, hypothesis, target, ...arms.flatMap(({ sentence, advised }) => [sentence, advised])].flatMap(({ ru, en }) => [ru, en]);
  const text = [...texts, taskId, ...decisions.flatMap(({ why, person }) => [why, person])].join(' ').toLowerCase().replaceAll('ё', 'е');
  return search.toLowerCase().replaceAll('ё', 'е').split(/\s+/).every((word) => text.includes(word));
}

const unknown = () => new Problem('not_found', { ru: 'Такого теста нет, или он вам не открыт.', en: 'There is no such test, or it is not open to you.' });

export function openExperiments({ state, catalog }: { state: State; catalog: Pick<Catalog, 'task'> }): Experiments {
  const isOpenTo = (access: Access, { task_id: taskId }: Row): boolean => {
    const task = catalog.task(taskId);
    return task === undefined ? access.may.has('author') : maySee(access, task);
  };
  const read = async (access: Access, id: string): Promise<Row> => {
    const [row] = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await state.query<Row>(`${select} WHERE e.id = $1`, [id]) : [];
    if (row === undefined || !isOpenTo(access, row)) throw unknown();
    return row;
  };
  return {
    register: async (task, values, registration, person) => {
      const key = valuesKey(values);
      await state.query('INSERT INTO experiments (id, task_id, values_key, title, registration, registered_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (task_id, values_key) DO NOTHING', [randomUUID(), task.id, key, toJson(task.title), toJson(registration), person]);
      const [row] = await state.query<Pick<Row, 'id' | 'registration'>>('SELECT id, registration FROM experiments WHERE task_id = $1 AND values_key = $2', [task.id, key]);
      if (row === undefined) throw new Problem('internal', { ru: 'Тест не записался.', en: 'The test was not written down.' });
      return { id: row.id, registered: row.registration };
    },
    list: async (access, { search, state: wanted }) => {
      const rows = await state.query<Row>(`${select} ORDER BY coalesce(latest.finished_at, e.registered_at) DESC LIMIT 1000`);
      const open = rows.filter((row) => isOpenTo(access, row)).map(summaryOf);
      return open.filter((one) => (wanted === undefined || one.state === wanted) && (search === undefined || search.trim() === '' || isFound(one, search.trim())));
    },
    get: async (access, id) => summaryOf(await read(access, id)),
    decide: async (access, id, { decision, why, runId }) => {
      requireAbility(access, 'decide');
      await read(access, id);
      await state.transaction(async (transaction) => {
        const run = runId === undefined ? undefined : (await transaction.query<{ id: string; person: string }>(`SELECT r.id, r.person FROM runs r JOIN executions x ON x.id = r.execution_id WHERE r.id::text = $1 AND x.outcome->>'experimentId' = $2`, [runId, id]))[0];
        if (runId !== undefined && (run === undefined || !maySeeRun(access, run))) throw new Problem('not_found', { ru: 'Такого запуска этого теста среди ваших нет.', en: 'There is no such run of this test among yours.' });
        await transaction.query('INSERT INTO experiment_decisions (experiment_id, decision, why, person, run_id) VALUES ($1, $2, $3, $4, $5)', [id, decision, why, access.person, run?.id ?? null]);
        await recordAudit(transaction, { person: access.person, action: 'experiment_decided', subject: id, detail: { decision } });
      });
      return summaryOf(await read(access, id));
    },
  };
}
