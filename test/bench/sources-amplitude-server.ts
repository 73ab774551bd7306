import { readFile } from 'node:fs/promises';
import { startAmplitudeStandIn } from '../../backend/stand-ins/amplitude/stand-in.ts';
import { answerQuestions } from './helper-process.ts';

// Amplitude's stand-in with one file for every cohort, in a process of its own. The file is in memory before anybody asks.
const { file, size, key, secret, ids } = JSON.parse(process.argv[2] ?? '{}') as { file: string; size: number; key: string; secret: string; ids: string[] };
const lastComputed = Math.floor(Date.now() / 1000) - 3_600;
const cohorts = ids.map((id) => ({ id, name: id, size, lastComputed, users: () => [] }));
const started = Promise.all([startAmplitudeStandIn({ key, secret, data: { cohorts: async () => cohorts } }), readFile(file)]);

// `fileAt` is when the newest file was asked for, as Date.now() tells time.
answerQuestions(async (): Promise<{ url: string; fileAt: number }> => {
  const [standIn, body] = await started;
  standIn.faults.content = { body };
  return { url: standIn.url, fileAt: standIn.seen.findLast(({ host }) => host === 'files')?.at ?? 0 };
});
