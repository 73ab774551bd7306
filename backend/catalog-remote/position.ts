import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const position = z.object({
  inUse: z.string(),
  /** Good commits that were in use, the newest first; begins with the one in use. */
  used: z.array(z.string()),
  /** The branch's newest commit at the time of a rollback: as long as it is the newest, nothing is taken. */
  heldAt: z.string().nullable(),
  /** What was in use before the rollback. */
  heldFrom: z.string().nullable(),
});
/** What must outlive a restart. */
export type Position = z.infer<typeof position>;

/** `undefined` where none was written, or what is there is none: the newest commit is taken then. */
export async function readPosition(path: string): Promise<Position | undefined> {
  try {
    return position.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writePosition(path: string, written: Position): Promise<void> {
  await writeFile(`${path}.draft`, JSON.stringify(written), { mode: 0o600 });
  await rename(`${path}.draft`, path);
}
