import type { Express } from 'express';
import { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';
import { hasEnded, type Runs } from '../runs/runs.ts';
import type { Identify } from './route.ts';

/** Runs that one person may follow at a time. */
const seatsPerPerson = 30;

/** Server-sent events of one run: a message at each change, a comment every 15 s so that proxies keep the line, then the end. */
export function runEvents(app: Express, identify: Identify, runs: Runs): void {
  const seats = new Map<string, number>();
  const takeSeat = (person: string) => {
    const taken = seats.get(person) ?? 0;
    if (taken >= seatsPerPerson) throw new Problem('too_many', { ru: 'Слишком много открытых панелей. Закройте лишние.', en: 'Too many panes are open. Close some.' });
    seats.set(person, taken + 1);
  };
  const leaveSeat = (person: string) => {
    const left = (seats.get(person) ?? 1) - 1;
    if (left > 0) seats.set(person, left);
    else seats.delete(person);
  };
  app.get('/api/runs/:id/events', async (request, response) => {
    const access = await identify(request);
    takeSeat(access.person);
    let stop: () => void = () => undefined;
    let closed = false;
    const close = () => {
      if (closed) return;
      closed = true;
      leaveSeat(access.person);
      clearInterval(keepAlive);
      stop();
    };
    const keepAlive = setInterval(() => response.write(': still here\n\n'), 15_000);
    response.on('close', close);
    const onRun = (run: Run) => {
      response.write(`data: ${JSON.stringify({ run })}\n\n`);
      if (!hasEnded(run)) return;
      close();
      response.end();
    };
    try {
      const first = await runs.get(access, request.params.id);
      response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      response.flushHeaders();
      if (hasEnded(first)) {
        onRun(first);
        return;
      }
      // A reader that is let go asks again.
      stop = await runs.watch(access, request.params.id, { onRun, onLost: () => response.end(close) });
      if (closed) stop();
    } catch (error) {
      close();
      throw error;
    }
  });
}
