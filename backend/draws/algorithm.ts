import { createHash, createHmac } from 'node:crypto';
import { Problem } from '../../shared/problem.ts';

/** Participants of a draw as their file holds them: ids in the order of their bytes, and where each one's tickets end. */
export interface Participants {
  fingerprint: string;
  count: number;
  tickets: bigint;
  /** Tickets of everybody up to and including this participant. */
  ends: BigUint64Array;
  participant(index: number): string;
}

export interface DrawKey {
  /** Known before the draw only by its SHA-256. */
  seed: string;
  /** A published number, or '' for none. */
  publicNumber: string;
}

export interface DrawnPlace {
  place: number;
  participant: string;
  weight: bigint;
}

/** The first line of a participants' file. */
export const participantsHead = '"participant","weight"\n';
export const mostWeight = 1_000_000_000_000;
export const mostParticipants = 5_000_000;

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function broken(line: number): Problem {
  return new Problem('invalid_request', {
    ru: `Строка ${line} не похожа на файл участников: нужны "id",вес по возрастанию id, без повторов. Возьмите CSV для систем без изменений.`,
    en: `Line ${line} is not that of a participants' file: "id",weight in ascending order of ids, each once, is needed. Take the CSV for systems unchanged.`,
  });
}

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;

/** The weight between two places of the file; -1 when there is none. */
function weightAt(file: Uint8Array, from: number, end: number): number {
  let weight = 0;
  for (let at = from; at < end; at += 1) {
    const digit = (file[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    weight = weight * 10 + digit;
  }
  return from === end || weight > mostWeight ? -1 : weight;
}

/** Lines after the first one. */
function linesOf(file: Buffer): number {
  let lines = -1;
  for (let at = file.indexOf(newline); at !== -1; at = file.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/** Reads a participants' file, strictly: every change to it is found. */
export function readParticipants(file: Buffer): Participants {
  if (file.subarray(0, participantsHead.length).toString('latin1') !== participantsHead) throw broken(1);
  const lines = linesOf(file);
  const starts = new Float64Array(lines);
  const ends = new BigUint64Array(lines);
  let [count, tickets] = [0, 0n];
  let before: Uint8Array | undefined;
  for (let start = participantsHead.length; start < file.length; ) {
    const end = file.indexOf(newline, start);
    const split = end === -1 ? -1 : file.lastIndexOf(comma, end);
    const weight = split === -1 ? -1 : weightAt(file, split + 1, end);
    if (weight <= 0 || split < start + 3 || file[start] !== quote || file[split - 1] !== quote) throw broken(count + 2);
    // Doubled quotes keep the order of the ids, so written ids can be compared as they stand.
    const written = file.subarray(start + 1, split - 1);
    if (before !== undefined && Buffer.compare(before, written) >= 0) throw broken(count + 2);
    before = written;
    tickets += BigInt(weight);
    starts[count] = start;
    ends[count] = tickets;
    count += 1;
    start = end + 1;
  }
  return { fingerprint: sha256(file), count, tickets, ends, participant: (index) => idAt(file, starts[index] ?? 0) };
}

function idAt(file: Buffer, start: number): string {
  const end = file.indexOf(newline, start);
  return file.toString('utf8', start + 1, file.lastIndexOf(comma, end) - 1).replaceAll('""', '"');
}

/** A ticket below `tickets`, every one as likely as any other: numbers at the ragged end of the range are thrown away. */
function ticketOf({ seed, publicNumber }: DrawKey, fingerprint: string, place: number, tickets: bigint): bigint {
  const range = (1n << 256n) - ((1n << 256n) % tickets);
  for (let attempt = 0; ; attempt += 1) {
    const number = BigInt(`0x${createHmac('sha256', seed).update(`${fingerprint}:${publicNumber}:${place}:${attempt}`).digest('hex')}`);
    if (number < range) return number % tickets;
  }
}

/** The first participant whose tickets end after this one. */
function holderOf(ends: BigUint64Array, ticket: bigint): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0n) > ticket) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Draws places one after another. Everybody holds as many tickets as their weight; for each place one ticket is drawn
 * among those that are left, and its holder leaves with all of theirs. This is weighted sampling without replacement,
 * in whole numbers only, so that every language comes to the same.
 */
export function drawPlaces(participants: Participants, key: DrawKey, wanted: number): DrawnPlace[] {
  const { ends, fingerprint, count } = participants;
  const gone: { from: bigint; weight: bigint }[] = [];
  const drawn: DrawnPlace[] = [];
  let left = participants.tickets;
  for (let place = 1; place <= Math.min(wanted, count); place += 1) {
    let ticket = ticketOf(key, fingerprint, place, left);
    for (const { from, weight } of gone) if (ticket >= from) ticket += weight;
    const index = holderOf(ends, ticket);
    const from = index === 0 ? 0n : (ends[index - 1] ?? 0n);
    const weight = (ends[index] ?? 0n) - from;
    const after = gone.findIndex((one) => one.from > from);
    gone.splice(after === -1 ? gone.length : after, 0, { from, weight });
    left -= weight;
    drawn.push({ place, participant: participants.participant(index), weight });
  }
  return drawn;
}
