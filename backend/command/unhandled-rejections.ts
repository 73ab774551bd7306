import type { Log } from '../log.ts';

/** A promise that nobody waited for is a fault to mend, but no reason to end everyone's runs: it is logged. */
export function logUnhandledRejections(log: Log): void {
  process.on('unhandledRejection', (cause) => log.error('unhandled_rejection', cause));
}
