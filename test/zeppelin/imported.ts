import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../backend/config.ts';
import type { ExitCode } from '../../backend/command/command.ts';
import { importZeppelin } from '../../backend/command/import-zeppelin.ts';
import { openCatalog } from '../../backend/catalog/index.ts';
import type { Catalog } from '../../backend/catalog/task.ts';

export const notes = join(process.cwd(), 'test/zeppelin/notes');

/** A catalog without tasks, as an analyst would import into. */
export async function emptyCatalog(files: Record<string, string> = {}): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-zeppelin-'));
  const usual = {
    'sources.yaml': 'warehouse: { kind: workbench, database: wallet }\ncrm: { kind: mssql, server: crm.company.example, database: crm, user: reader, password: "${CRM_PASSWORD}" }\n',
    'access.yaml': 'roles: {}\npeople: {}\n',
  };
  for (const [path, text] of Object.entries({ ...usual, ...files })) await writeFile(join(directory, path), text);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

export interface Ended {
  code: ExitCode;
  lines: string[];
}

/** The command as a person types it. */
export async function importNotes(given: string[], { workingDirectory = process.cwd(), language = 'en_US.UTF-8' } = {}): Promise<Ended> {
  const lines: string[] = [];
  const json = given.includes('--json');
  const output = { json, line: (text: string) => void lines.push(text), warn: (text: string) => void lines.push(text), status: () => undefined };
  if (importZeppelin.needs !== 'nothing') throw new Error('the command needs no engine');
  const code = await importZeppelin.run(readConfig({ LC_ALL: language }), { arguments: given.filter((one) => one !== '--json'), workingDirectory, output, signal: new AbortController().signal });
  return { code, lines };
}

export async function catalogOf(directory: string): Promise<Catalog> {
  return openCatalog(directory, { watch: false });
}
