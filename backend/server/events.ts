import type { Express } from 'express';
import type { Run } from '../../shared/run.ts';
import { hasEnded, type Runs } from '../runs/runs.ts';
import type { Identify } from './route.ts';

/** Server-sent events of one run: a message at each change, a comment every 15 s so that proxies keep the line, then the end. */
export function runEvents(app: Express, identify: Identify, runs: Runs): void {
  app.get('/api/runs/:id/events', async (request, response) => {
    const access = await identify(request);
    let stop: () => void = () => undefined;
    let closed = false;
    const close = () => {
      closed = true;
      clearInterval(keepAlive);
      stop();
    };
    const keepAlive = setInterval(() => response.write(': still here\n\n'), 15_000);
    response.on('close', close);
    const tell = (run: Run) => {
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
        tell(first);
        return;
      }
      stop = await runs.watch(access, request.params.id, tell);
      if (closed) stop();
    } catch (error) {
      close();
      throw error;
    }
  });
}
