import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerQuestions } from './helper-process.ts';

export interface LoadQuestion {
  address: string;
  tokens: string[];
  seconds: number;
  getsPerSecond: number;
  runsPerSecond: number;
}

export interface LoadAnswer {
  /** Milliseconds from the intended moment of sending to the last byte. */
  gets: number[];
  submits: number[];
  errors: string[];
  runs: { id: string; token: string }[];
  /** How late requests were sent. */
  lateness: number[];
  /** Of one core, while it sent. */
  cpuPercent: number;
}

const patienceMs = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

interface Call {
  method: 'GET' | 'POST';
  path: string;
  token: string;
  body?: string;
  status: number;
}

function send(address: string, { method, path, token, body, status }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(`${address}${path}`, { method, agent, timeout: patienceMs, headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === status) resolve(text);
        else reject(new Error(`${response.statusCode} ${text.slice(0, 200)}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

answerQuestions(async ({ address, tokens, seconds, getsPerSecond, runsPerSecond }: LoadQuestion): Promise<LoadAnswer> => {
  const answer: LoadAnswer = { gets: [], submits: [], errors: [], runs: [], lateness: [], cpuPercent: 0 };
  const pending: Promise<void>[] = [];
  const begun = performance.now() + 200;

  /** Sends at its moments whatever became of earlier requests. */
  const series = async (perSecond: number, into: number[], call: (index: number) => Call, got: (text: string, call: Call) => void): Promise<void> => {
    for (let index = 0; index < perSecond * seconds; index++) {
      const due = begun + (index * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await wait(early);
      answer.lateness.push(Math.max(0, performance.now() - due));
      const made = call(index);
      pending.push(
        send(address, made).then(
          (text) => {
            into.push(performance.now() - due);
            got(text, made);
          },
          (error: unknown) => void answer.errors.push(`${made.method} ${made.path}: ${error instanceof Error ? error.message : String(error)}`),
        ),
      );
    }
  };

  const token = (index: number): string => tokens[index % tokens.length] ?? '';
  const usage = process.cpuUsage();
  await Promise.all([
    series(getsPerSecond, answer.gets, (index) => ({ method: 'GET', path: '/api/tasks', token: token(index), status: 200 }), () => undefined),
    series(
      runsPerSecond,
      answer.submits,
      (index) => ({ method: 'POST', path: '/api/tasks/bench-one-row/runs', token: token(index), body: JSON.stringify({ values: { partner: 1 + (index % 60), least: index } }), status: 202 }),
      (text, made) => void answer.runs.push({ id: (JSON.parse(text) as { run: { id: string } }).run.id, token: made.token }),
    ),
  ]);
  await Promise.all(pending);
  const { user, system } = process.cpuUsage(usage);
  answer.cpuPercent = (user + system) / 10 / (performance.now() - begun);
  agent.destroy();
  return answer;
});
