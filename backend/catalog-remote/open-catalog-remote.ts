import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Fault } from '../catalog/task.ts';
import type { Log } from '../log.ts';
import { shownAddress, type CatalogAddress } from './address.ts';
import type { CatalogRemote, Commit, RefusedPush } from './catalog-remote.ts';
import { readPosition, writePosition, type Position } from './position.ts';
import { openRepository, type Repository } from './repository.ts';

export interface CatalogRemoteOptions {
  address: CatalogAddress;
  dataDirectory: string;
  environment: Record<string, string | undefined>;
  /** Every fault of the catalog in a folder. */
  check: (directory: string) => Promise<Fault[]>;
  log: Log;
  /** How often the remote is asked; a minute when absent. */
  everyMs?: number;
}

const mostUsed = 50;
const mostLookedBack = 20;

function identity({ file, message }: Fault): string {
  return `${file}\n${message}`;
}

function troubleOf(error: unknown): LocalText {
  if (error instanceof Problem) return error.text;
  const said = error instanceof Error ? error.message : String(error);
  return { ru: said, en: said };
}

function notThere(given: string): Problem {
  return new Problem('not_found', {
    ru: `Коммита ${given} в ветке каталога нет. Назовите от 4 знаков его номера: git log.`,
    en: `There is no commit ${given} in the catalog's branch. Give at least 4 digits of its id: git log.`,
  });
}

function wouldBreak(commit: string, faults: Fault[]): Problem {
  const [first] = faults;
  const place = `${first?.file ?? ''}:${first?.line ?? 1} ${first?.message ?? ''}`;
  return new Problem('conflict', {
    ru: `В коммите ${commit.slice(0, 10)} есть ошибки, которых нет в действующем (${faults.length}): ${place}. Назовите другой.`,
    en: `Commit ${commit.slice(0, 10)} has faults that the one in use has not (${faults.length}): ${place}. Name another.`,
  });
}

function nothingBefore(inUse: Commit): Problem {
  return new Problem('not_found', {
    ru: `До коммита ${inUse.id.slice(0, 10)} исправного каталога не нашлось. Назовите коммит: tasksheet rollback COMMIT.`,
    en: `No good catalog was found before commit ${inUse.id.slice(0, 10)}. Name a commit: tasksheet rollback COMMIT.`,
  });
}

/** Clones the branch into the data directory, or goes on with the clone that is there, and follows it. */
export async function openCatalogRemote(options: CatalogRemoteOptions): Promise<CatalogRemote> {
  const { address, dataDirectory, log, check } = options;
  const directory = join(dataDirectory, 'catalog');
  const positionFile = join(dataDirectory, 'catalog-position.json');
  const closing = new AbortController();
  const repository = await openRepository({ directory, address, environment: options.environment, signal: closing.signal });
  const changed = new Set<() => void>();
  const told = new Set<(push: RefusedPush) => void>();
  let position: Position | undefined;
  let [inUse, newest]: [Commit | undefined, Commit | undefined] = [undefined, undefined];
  let refused: RefusedPush | undefined;
  let pulledAt: Date | undefined;
  let trouble: LocalText | undefined;

  const faultsAt = async (commit: string): Promise<Fault[]> => {
    // One name, so that what a killed process left goes with the next check.
    const place = join(dataDirectory, 'catalog-check');
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { mode: 0o700 });
    try {
      await repository.extract(commit, join(place, 'files'));
      return (await check(join(place, 'files'))).filter(({ warning }) => warning !== true);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  };
  /** What is broken already does not keep others' work out. */
  const newFaults = async (commit: string): Promise<Fault[]> => {
    const faults = await faultsAt(commit);
    if (faults.length === 0 || inUse === undefined) return [];
    const known = new Set((await faultsAt(inUse.id)).map(identity));
    return faults.filter((fault) => !known.has(identity(fault)));
  };
  const use = async (commit: string, next: Omit<Position, 'inUse'>): Promise<Commit> => {
    const described = await repository.describe(commit);
    await repository.use(commit);
    position = { ...next, inUse: commit };
    await writePosition(positionFile, position);
    inUse = described;
    log.info('catalog_commit', { commit, author: described.email, held: next.heldAt !== null });
    for (const listener of changed) listener();
    return described;
  };
  const refuse = async (tip: Commit, since: string, faults: Fault[]): Promise<void> => {
    refused = { newest: tip, reports: await blame(repository, { tip, since, faults }) };
    for (const { commit, faults: theirs } of refused.reports) log.warn('catalog_push_refused', { commit: commit.id, author: commit.email, faults: theirs });
    for (const listener of told) listener(refused);
  };
  const follow = async (tip: string): Promise<void> => {
    if (position?.heldAt === tip || refused?.newest.id === tip) return;
    if (position?.inUse === tip) {
      refused = undefined;
      return;
    }
    const faults = await newFaults(tip);
    if (faults.length > 0 && position !== undefined) return refuse(await repository.describe(tip), position.inUse, faults);
    refused = undefined;
    await use(tip, { used: [tip, ...(position?.used ?? []).filter((one) => one !== tip)].slice(0, mostUsed), heldAt: null, heldFrom: null });
  };
  const pullNow = async (): Promise<void> => {
    try {
      const tip = await repository.fetch();
      [pulledAt, trouble] = [new Date(), undefined];
      if (newest?.id !== tip) newest = await repository.describe(tip);
      await follow(tip);
    } catch (error) {
      const reason = troubleOf(error);
      if (reason.en !== trouble?.en && !closing.signal.aborted) log.warn('catalog_not_pulled', { reason: reason.en });
      trouble = reason;
      throw error;
    }
  };
  const previous = async (from: Commit): Promise<{ commit: string; used: string[] }> => {
    const used = position?.used ?? [];
    for (const [order, id] of used.entries()) if (id !== from.id && (await repository.find(id)) !== undefined) return { commit: id, used: used.slice(order) };
    for (const id of await repository.before(from.id, mostLookedBack)) if ((await faultsAt(id)).length === 0) return { commit: id, used: [id] };
    throw nothingBefore(from);
  };
  const named = async (given: string): Promise<{ commit: string; used: string[] }> => {
    const commit = /^[0-9a-f]{4,64}$/i.test(given) ? await repository.find(given) : undefined;
    if (commit === undefined) throw notThere(given);
    const used = position?.used ?? [];
    const order = used.indexOf(commit);
    if (order >= 0) return { commit, used: used.slice(order) };
    const faults = await newFaults(commit);
    if (faults.length > 0) throw wouldBreak(commit, faults);
    return { commit, used: [commit] };
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One deed at a time: all of them work on the same files. */
  const inTurn = <T>(deed: () => Promise<T>): Promise<T> => {
    const done = last.then(deed);
    last = done.catch(() => undefined);
    return done;
  };
  let waiting: Promise<void> | undefined;
  /** Whoever asks while a pull waits for its turn is served by that one. */
  const pull = (): Promise<void> => {
    waiting ??= inTurn(() => {
      waiting = undefined;
      return pullNow();
    });
    return waiting;
  };

  const before = await readPosition(positionFile);
  if (before !== undefined && (await repository.find(before.inUse)) !== undefined) await use(before.inUse, before);
  const known = await repository.newest();
  if (known !== undefined) newest = await repository.describe(known);
  await pull().catch((error: unknown) => {
    // What was good stays in use, also when the remote is away while we start.
    if (inUse === undefined) throw error;
  });
  const timer = setInterval(() => void pull().catch(() => undefined), options.everyMs ?? 60_000);
  timer.unref();

  const current = (): Commit => {
    if (inUse === undefined) throw new Error('no commit is in use');
    return inUse;
  };
  return {
    directory,
    state: () => ({ address: shownAddress(address), inUse: current(), newest: newest ?? current(), held: (position?.heldAt ?? null) !== null, refused, pulledAt, trouble }),
    pull,
    rollback: (given) =>
      inTurn(async () => {
        const { commit, used } = given === undefined ? await previous(current()) : await named(given);
        const heldFrom = position?.heldFrom ?? current().id;
        return use(commit, { used, heldAt: (newest ?? current()).id, heldFrom });
      }),
    resume: async () => {
      await inTurn(async () => {
        if (position === undefined || position.heldFrom === null) return;
        const { heldFrom, used } = position;
        await use(heldFrom, { used: [heldFrom, ...used.filter((one) => one !== heldFrom)], heldAt: null, heldFrom: null });
      });
      // The state says what the remote answers; what was in use before the rollback is so again in any case.
      await pull().catch(() => undefined);
    },
    onChange: (listener) => {
      changed.add(listener);
      return () => void changed.delete(listener);
    },
    onRefused: (listener) => {
      told.add(listener);
      if (refused !== undefined) listener(refused);
      return () => void told.delete(listener);
    },
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await last;
    },
  };
}

/** Faults by the commit that brought them; what no commit of the push touched is its newest commit's. */
async function blame(repository: Repository, { tip, since, faults }: { tip: Commit; since: string; faults: Fault[] }): Promise<RefusedPush['reports']> {
  const reports = new Map<string, RefusedPush['reports'][number]>();
  for (const fault of faults) {
    const commit = (await repository.lastChange(fault.file, since, tip.id)) ?? tip;
    const report = reports.get(commit.id) ?? { commit, faults: [] };
    report.faults.push(fault);
    reports.set(commit.id, report);
  }
  return [...reports.values()];
}
