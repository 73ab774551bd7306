import { openState, type StateOptions } from '../../backend/state/open-state.ts';

// Run as a process of its own, to be killed: sends, takes and leaves jobs, and says what has become durable.
const [mode = '', optionsText = '{}'] = process.argv.slice(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const state = await openState({ ...(JSON.parse(optionsText) as StateOptions), backups: false, onError: () => undefined });
await state.jobs.define('slow', { retries: 0 });
await state.jobs.define('log');
say('open');

if (mode === 'send-and-hold') await state.transaction((transaction) => state.jobs.send(transaction, 'slow', { held: true }));
if (mode === 'hold' || mode === 'send-and-hold') {
  await state.jobs.work('slow', { slots: 2 }, async (job) => {
    say(`started ${JSON.stringify(job.data)} ${job.retry}`);
    await new Promise(() => undefined);
  });
}
if (mode === 'write') {
  for (let number = 0; ; number++) {
    await state.transaction(async (transaction) => {
      await state.jobs.send(transaction, 'log', { number });
      await transaction.query(`INSERT INTO favourites (person, task_id) VALUES ('writer', $1)`, [`${process.pid}-${number}`]);
    });
    say(`written ${process.pid}-${number}`);
  }
}
