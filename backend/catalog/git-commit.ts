import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const patienceMs = 3_000;

/**
 * The commit that last changed the catalog, shortened, with a `+` when files differ from it; `undefined` outside of git.
 * Recorded beside a task's version, so that the file can be found again as it was.
 */
export async function catalogCommit(directory: string): Promise<string | undefined> {
  const git = async (...given: string[]) => (await run('git', ['-C', directory, ...given], { timeout: patienceMs })).stdout.trim();
  try {
    const commit = await git('log', '-1', '--format=%h', '--', '.');
    if (commit === '') return undefined;
    return (await git('status', '--porcelain', '--', '.')) === '' ? commit : `${commit}+`;
  } catch {
    // No git, or no repository: the version's hash says enough.
    return undefined;
  }
}
