import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { catalogAddress } from '../../backend/catalog-remote/address.ts';
import { openCatalogRemote, type CatalogRemote } from '../../backend/catalog-remote/index.ts';
import { lintCatalog } from '../../backend/catalog/index.ts';
import { openLog } from '../../backend/log.ts';
import { header } from '../catalog/temporary-catalog.ts';

/** A bare repository as a git server has it, and an analyst's clone to push from. */
export interface TemporaryRemote {
  place: string;
  /** As the setting names it. */
  setting: string;
  /** Commits these files (`null` deletes one) as this person and pushes; the commit's id. */
  push(files: Record<string, string | null>, author?: string): Promise<string>;
  git(...given: string[]): string;
}

export const usual: Record<string, string> = {
  'sources.yaml': 'warehouse: { kind: workbench, database: wallet }\n',
  'groups.yaml': 'exports: { ru: Выгрузки, en: Exports }\n',
  'access.yaml': 'roles:\n  manager: { may: [run], groups: [exports] }\n  analyst: { may: [run, author, operate], groups: all }\npeople:\n  maria@company.example: manager\n  anna@company.example: analyst\n',
};

export const numbers = (number: number) => `${header()}-- step numbers on warehouse\nSELECT ${number} AS number\n`;
export const broken = numbers(1).replace('title:', 'titel:');

export async function temporaryRemote(): Promise<TemporaryRemote> {
  const place = await mkdtemp(join(tmpdir(), 'tasksheet-remote-'));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  const [server, clone] = [join(place, 'server.git'), join(place, 'clone')];
  const call = (...given: string[]) => execFileSync('git', given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  call('init', '--quiet', '--bare', server);
  call('init', '--quiet', clone);
  const git = (...given: string[]) => call('-C', clone, ...given);
  git('checkout', '--quiet', '-b', 'main');
  git('remote', 'add', 'origin', server);
  return {
    place,
    setting: `file://${server}#main`,
    git,
    push: async (files, author = 'anna@company.example') => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(clone, path)), { recursive: true });
        if (text === null) await rm(join(clone, path));
        else await writeFile(join(clone, path), text);
      }
      git('add', '--all');
      git('-c', `user.name=${author}`, '-c', `user.email=${author}`, 'commit', '--quiet', '--message', `change ${Object.keys(files).join(', ')}`);
      git('push', '--quiet', '--force', 'origin', 'main');
      return git('rev-parse', 'HEAD');
    },
  };
}

const { PATH = '' } = process.env;

/** Follows it as the product does, but pulls only when asked to. */
export async function opened(remote: Pick<TemporaryRemote, 'place' | 'setting'>, log: string[] = [], environment: Record<string, string> = {}): Promise<CatalogRemote> {
  const address = catalogAddress(remote.setting);
  if (address === undefined) throw new Error('not an address');
  const found = await openCatalogRemote({ address, dataDirectory: remote.place, environment: { PATH, ...environment }, check: (files) => lintCatalog(files), log: openLog((line) => log.push(line)), everyMs: 3_600_000 });
  onTestFinished(() => found.close());
  return found;
}
