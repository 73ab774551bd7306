import { expect, test } from 'vitest';
import { faultsOfTask, onlyTask, task } from './temporary-catalog.ts';

test('testers are one address or several', async () => {
  expect((await onlyTask(task('testers: maria@company.example'))).testers).toEqual(['maria@company.example']);
  expect((await onlyTask(task('testers: [maria@company.example, oleg@company.example]'))).testers).toEqual(['maria@company.example', 'oleg@company.example']);
});

test('what is no address is a fault at its place', async () => {
  expect(await faultsOfTask(task('testers: [maria]'))).toEqual([expect.stringMatching(/^7:1\d? .*testers/)]);
});
