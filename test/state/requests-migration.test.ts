import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbeddedEngine } from '../../backend/state/embedded-engine.ts';
import { migrate } from '../../backend/state/migrate.ts';
import { migrations } from '../../backend/state/migrations/index.ts';

test('questions that were asked before requests had states go on as they were', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-requests-'));
  const engine = await openEmbeddedEngine(join(directory, 'state'));
  try {
    await migrate(engine, migrations.filter(({ number }) => number < 6));
    for (const state of ['open', 'answered', 'declined'])
      await engine.query('INSERT INTO questions (id, text, asked_by, state, answer) VALUES (gen_random_uuid(), $1, $2, $1, $3)', [state, 'maria@company.example', state === 'open' ? null : 'Ответ']);
    await migrate(engine, migrations);
    expect(await engine.query('SELECT text, state, answer, became_task FROM questions ORDER BY text', [])).toEqual([
      { text: 'answered', state: 'done', answer: 'Ответ', became_task: null },
      { text: 'declined', state: 'declined', answer: 'Ответ', became_task: null },
      { text: 'open', state: 'new', answer: null, became_task: null },
    ]);
    await expect(engine.query("UPDATE questions SET state = 'became_task'", [])).rejects.toThrow();
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
});
