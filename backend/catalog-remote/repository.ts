import { execFile } from 'node:child_process';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../../shared/problem.ts';
import { shownAddress, type CatalogAddress } from './address.ts';
import type { Commit } from './catalog-remote.ts';

const run = promisify(execFile);
const patienceMs = { remote: 60_000, local: 30_000 };
const lineFormat = '--format=%H%x00%an%x00%ae%x00%cI%x00%s';

/** What git and ssh need of the surroundings: sources' passwords are none of their business. */
const passedOn = /^(PATH|HOME|USER|LOGNAME|TMPDIR|LD_LIBRARY_PATH|XDG_CONFIG_HOME|SSH_AUTH_SOCK|SSH_ASKPASS|GIT_ASKPASS|GIT_SSH|GIT_SSH_COMMAND|GIT_SSL_CAINFO|GIT_SSL_CAPATH|SSL_CERT_FILE|SSL_CERT_DIR|(https?|all|no)_proxy)$/i;

export interface RepositoryOptions {
  directory: string;
  address: CatalogAddress;
  environment: Record<string, string | undefined>;
  signal: AbortSignal;
}

/** One clone: files of the commit in use, and all commits of the branch. */
export interface Repository {
  /** Brings the branch's newest commit here. */
  fetch(): Promise<string>;
  /** The newest commit that was brought here. */
  newest(): Promise<string | undefined>;
  /** The full id of a commit that is here. */
  find(id: string): Promise<string | undefined>;
  describe(id: string): Promise<Commit>;
  /** The newest commit after `since` that changed a file, up to `until`. */
  lastChange(file: string, since: string, until: string): Promise<Commit | undefined>;
  /** Commits before this one, the nearest first, along the branch. */
  before(id: string, most: number): Promise<string[]>;
  /** Writes a commit's files into a new folder; the files in use stay as they are. */
  extract(id: string, into: string): Promise<void>;
  /** Makes a commit's files those in use. */
  use(id: string): Promise<void>;
}

/** Git hands a whole address to its programs as an argument, and a name and password in it would show in the list of processes. */
function withoutSecret({ url, protocol }: CatalogAddress) {
  const { origin, username, password } = protocol === 'https' ? new URL(url) : { origin: '', username: '', password: '' };
  if (username === '') return { url, settings: [], variables: {} };
  const helper = '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$CATALOG_GIT_USER" "$CATALOG_GIT_PASSWORD"; }; f';
  return {
    url: url.replace(/^(https:\/\/)[^/]*@/, '$1'),
    // For this server alone; the empty one keeps the user's own helpers from being asked, or told.
    settings: ['', helper].map((value): [string, string] => [`credential.${origin}.helper`, value]),
    variables: { CATALOG_GIT_USER: decodeURIComponent(username), CATALOG_GIT_PASSWORD: decodeURIComponent(password) },
  };
}

function surroundings({ address, environment }: RepositoryOptions): Record<string, string | undefined> {
  const { url, settings: helpers, variables } = withoutSecret(address);
  const fixed: [string, string][] = [['core.hooksPath', '/dev/null'], ['core.symlinks', 'false'], ['core.autocrlf', 'false'], ['core.fsmonitor', 'false'], ['gc.autoDetach', 'false'], ['remote.catalog.url', url]];
  const settings = [...fixed, ...helpers];
  const pairs = settings.flatMap(([key, value], order) => [[`GIT_CONFIG_KEY_${order}`, key], [`GIT_CONFIG_VALUE_${order}`, value]]);
  return {
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.test(name))),
    ...Object.fromEntries(pairs),
    ...variables,
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: address.protocol,
    GIT_LITERAL_PATHSPECS: '1',
    LC_ALL: 'C',
  };
}

/** Git's own last words, without what is secret in an address. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && cause.code === 'ENOENT') return 'git is not installed here';
  if ('killed' in cause && cause.killed === true) return 'no answer in time';
  const said = 'stderr' in cause ? String(cause.stderr) : '';
  const lines = said.split('\n').filter((line) => /^(fatal|error|remote|ssh|.*(denied|refused|failed)):?/i.test(line));
  return (lines.slice(0, 3).join(' ') || 'git failed').replaceAll(/(\w+:\/\/)[^/\s]*@/g, '$1').slice(0, 400);
}

function unreachable(address: CatalogAddress, cause: unknown): Problem {
  const [shown, reason] = [shownAddress(address), reasonOf(cause)];
  return new Problem(
    'source_unreachable',
    { ru: `Каталог не получен из ${shown}: ${reason}. Проверьте TASKSHEET_CATALOG_GIT, ветку и доступ.`, en: `The catalog could not be pulled from ${shown}: ${reason}. Check TASKSHEET_CATALOG_GIT, the branch and the access.` },
    // The cause holds git's arguments and words as they were; only what is safe goes to logs.
    { cause: new Error(reason) },
  );
}

function broken(directory: string, cause: unknown): Problem {
  const reason = reasonOf(cause);
  return new Problem('not_ready', {
    ru: `Копия каталога в ${directory} не читается: ${reason}. Остановите сервер, удалите эту папку и запустите снова: она будет получена заново.`,
    en: `The copy of the catalog in ${directory} cannot be read: ${reason}. Stop the backend, remove that folder and start again: it is pulled anew.`,
  });
}

function commitOf(line: string): Commit {
  const [id = '', author = '', email = '', at = '', subject = ''] = line.split('\0');
  return { id, author, email, at, subject };
}

/** Opens the clone in a folder, or makes an empty one there. */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { directory, address, signal } = options;
  const base = surroundings(options);
  const tip = `refs/remotes/catalog/${address.branch}`;
  const git = async (given: string[], { patience = patienceMs.local, more = {} }: { patience?: number; more?: Record<string, string> } = {}): Promise<string> => {
    const found = await run('git', [`--git-dir=${join(directory, '.git')}`, `--work-tree=${directory}`, ...given], { cwd: directory, env: { ...base, ...more }, timeout: patience, maxBuffer: 16_000_000, signal });
    return found.stdout.trimEnd();
  };
  const local = (...given: string[]) =>
    git(given).catch((cause: unknown) => {
      throw broken(directory, cause);
    });
  const find = (name: string) => git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).catch(() => undefined);

  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!(await stat(join(directory, '.git')).then(() => true, () => false))) await local('init', '--quiet');
  // One process has the data directory: a lock that stands here is of one that was killed.
  await rm(join(directory, '.git', 'index.lock'), { force: true });
  return {
    fetch: async () => {
      const fetching = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', 'catalog', `+refs/heads/${address.branch}:${tip}`];
      await git(fetching, { patience: patienceMs.remote }).catch((cause: unknown) => {
        throw unreachable(address, cause);
      });
      return local('rev-parse', '--verify', tip);
    },
    newest: () => find(tip),
    find,
    describe: async (id) => commitOf(await local('log', '-1', lineFormat, id)),
    lastChange: async (file, since, until) => {
      const line = await local('log', '-1', lineFormat, `${since}..${until}`, '--', file);
      return line === '' ? undefined : commitOf(line);
    },
    before: async (id, most) => (await local('rev-list', '--first-parent', '--skip=1', `--max-count=${most}`, id)).split('\n').filter((one) => one !== ''),
    extract: async (id, into) => {
      const more = { GIT_INDEX_FILE: `${into}.index` };
      try {
        await git(['read-tree', id], { more });
        await git(['checkout-index', '--all', '--force', `--prefix=${into}/`], { more });
      } catch (cause) {
        throw broken(directory, cause);
      } finally {
        await rm(more.GIT_INDEX_FILE, { force: true });
      }
    },
    use: async (id) => {
      await local('checkout', '--quiet', '--force', '--detach', id);
      await local('clean', '-ffdxq');
    },
  };
}
