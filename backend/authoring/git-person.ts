import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The address under which the person commits; `undefined` without git. */
export async function gitPerson(directory: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', directory, 'config', 'user.email'], { timeout: 3_000 });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
