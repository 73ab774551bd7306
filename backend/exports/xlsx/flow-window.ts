/** Lets so many things be on their way at once; the next one waits for a place. */
export class FlowWindow {
  #free: number;
  #failure: Error | null = null;
  #waiting: { go: () => void; fail: (error: Error) => void } | null = null;

  constructor(most: number) {
    this.#free = most;
  }

  /** Takes a place, waiting for it if need be. One caller at a time. */
  async enter(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#free === 0) await new Promise<void>((go, fail) => (this.#waiting = { go, fail }));
    this.#free--;
  }

  leave(places = 1): void {
    this.#free += places;
    this.#waiting?.go();
    this.#waiting = null;
  }

  /** Whoever waits, or will, gets this error. */
  fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.fail(error);
    this.#waiting = null;
  }
}
