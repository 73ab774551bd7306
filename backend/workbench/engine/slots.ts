import { EngineException } from './exception.ts';

/** Lets a number of queries run at once; the others wait in order, and beyond `maxWaiting` are refused. */
export class Slots {
  private free: number;
  private readonly maxWaiting: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number, maxWaiting: number) {
    this.free = count;
    this.maxWaiting = maxWaiting;
  }

  /** Resolves with how to give the slot back. Rejects when the signal aborts first. */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await this.turn(signal);
    return () => {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    if (this.waiting.length >= this.maxWaiting)
      throw new EngineException(202, 'Too many simultaneous queries', 'TOO_MANY_SIMULTANEOUS_QUERIES');
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        signal.removeEventListener('abort', left);
        resolve();
      };
      const left = (): void => {
        this.waiting.splice(this.waiting.indexOf(granted), 1);
        reject(new EngineException(394, 'Query was cancelled', 'QUERY_WAS_CANCELLED'));
      };
      this.waiting.push(granted);
      signal.addEventListener('abort', left, { once: true });
    });
  }
}
