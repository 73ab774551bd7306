import { lockDirectory } from '../../backend/state/directory-lock.ts';

// Run as a process of its own: takes the lock, says how it went, holds it until it is stopped or told to release.
const [directory = ''] = process.argv.slice(2);
try {
  const lock = await lockDirectory(directory);
  await lock.publish({ url: 'http://127.0.0.1:3999', token: 'token-of-the-holder' });
  process.stdout.write('held\n');
  process.stdin.once('data', () => {
    void lock.release().then(() => process.exit(0));
  });
  setInterval(() => undefined, 1_000);
} catch (error) {
  process.stdout.write(`refused ${(error as Error).message}\n`);
}
