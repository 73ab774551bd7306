import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process, told apart from another that has its number later. */
export interface ProcessIdentity {
  /** Where its number has a meaning: host, boot and process namespace. Containers that share a disk differ here. */
  place: string;
  pid: number;
  started: string;
}

export function ownIdentity(): ProcessIdentity {
  return { place: place(), pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
}

/** Whether that very process is still there; `unknown` when its number says nothing in this place. */
export function livenessOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.place !== place()) return 'unknown';
  if (!processExists(identity.pid)) return 'dead';
  const started = startOf(identity.pid);
  return started === undefined || identity.started === 'unknown' || started === identity.started ? 'alive' : 'dead';
}

let knownPlace: string | undefined;
function place(): string {
  knownPlace ??= [hostname(), firstLine('/proc/sys/kernel/random/boot_id'), processNamespace()].join(' ');
  return knownPlace;
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in whatever unit the system has. A zombie, which holds nothing any more, has none. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartOf(pid);
  if (process.platform === 'win32') return undefined;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function linuxStartOf(pid: number): string | undefined {
  const line = firstLine(`/proc/${pid}/stat`);
  // The command name in parentheses may itself hold spaces and parentheses.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? 'ended' : fields[19];
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
  } catch {
    return '';
  }
}
