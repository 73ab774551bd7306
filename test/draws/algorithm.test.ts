import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawPlaces, readParticipants, sha256 } from '../../backend/draws/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'tasksheet-draws-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fileOf = (rows: [string, number][]): Buffer => Buffer.from(`"participant","weight"\n${rows.map(([id, weight]) => `"${id.replaceAll('"', '""')}",${weight}\n`).join('')}`);
const numbered = (count: number, weight: (index: number) => number = () => 1): Buffer => fileOf(Array.from({ length: count }, (_, index): [string, number] => [`user-${String(index).padStart(6, '0')}`, weight(index)]));
const seed = 'a'.repeat(64);
const drawn = (file: Buffer, places: number, key = { seed, publicNumber: '' }): string[] => drawPlaces(readParticipants(file), key, places).map(({ participant }) => participant);

/** The program of the documentation, as a reader would copy it. */
function documentedProgram(): string {
  const page = readFileSync(new URL('../../docs/draws.md', import.meta.url), 'utf8');
  const program = /```python\n([\s\S]*?)```/.exec(page)?.[1];
  if (program === undefined) throw new Error('docs/draws.md holds no Python program');
  return program;
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the draw', () => {
  it('takes the ticket that HMAC-SHA-256 names: worked by hand for three participants', () => {
    const file = fileOf([['anna', 1], ['boris', 2], ['vera', 5]]);
    const fingerprint = createHash('sha256').update(file).digest('hex');
    const number = BigInt(`0x${createHmac('sha256', seed).update(`${fingerprint}::1:0`).digest('hex')}`);
    const ticket = Number(number % 8n);
    const holder = ticket < 1 ? 'anna' : ticket < 3 ? 'boris' : 'vera';
    expect(drawn(file, 1)).toEqual([holder]);
  });

  it.skipIf(!hasPython())('comes to the same as the twenty lines of Python in the docs: odd ids, uneven weights, a published number', () => {
    expect(documentedProgram().trim().split('\n').length).toBeLessThanOrEqual(25);
    const odd: [string, number][] = [['"quoted"', 3], [' a b', 1], ['0007', 2], ['1234567890123456789', 1_000_000_000_000], ['comma,comma', 1], ['Ёлка', 7], ['юзер', 1], ['🎁', 4]];
    const sorted = odd.sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const files = { odd: fileOf(sorted), many: numbered(2_000, (index) => 1 + ((index * 7919) % 13)) };
    const program = join(directory, 'check.py');
    writeFileSync(program, documentedProgram());
    for (const [name, file] of Object.entries(files))
      for (const publicNumber of ['', '12,34.5']) {
        const path = join(directory, `${name}.csv`);
        writeFileSync(path, file);
        const lines = execFileSync('python3', [program, path, seed, '30', ...(publicNumber === '' ? [] : [publicNumber])], { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf-8' } }).trim().split('\n');
        expect(lines[0]).toContain(sha256(file));
        expect(lines.slice(1)).toEqual(drawn(file, 30, { seed, publicNumber }).map((participant, index) => `${index + 1} ${participant}`));
      }
  });

  it('is another one with another seed, published number or list, and the same one otherwise', () => {
    const file = numbered(1_000);
    const first = drawn(file, 20);
    expect(drawn(file, 20)).toEqual(first);
    expect(drawn(file, 20, { seed: 'b'.repeat(64), publicNumber: '' })).not.toEqual(first);
    expect(drawn(file, 20, { seed, publicNumber: '1' })).not.toEqual(first);
    expect(drawn(numbered(1_001), 20)).not.toEqual(first);
    expect(drawn(file, 5)).toEqual(first.slice(0, 5));
  });

  it('draws everybody once when there are more prizes than participants', () => {
    const all = drawn(numbered(7), 100);
    expect(all).toHaveLength(7);
    expect(new Set(all).size).toBe(7);
  });

  it('gives an enormous weight its due, and the others the places after it', () => {
    const places = drawn(fileOf([['a', 1], ['b', 1_000_000_000_000], ['c', 1]]), 3);
    expect(places[0]).toBe('b');
    expect([...places].sort()).toEqual(['a', 'b', 'c']);
  });

  it('follows the weights: first places over 8,000 seeds by the chi-square test, second places given the first', () => {
    const participants = readParticipants(fileOf([['a', 1], ['b', 2], ['c', 3], ['d', 4]]));
    const rounds = 8_000;
    const counts: Record<string, number> = {};
    for (let round = 0; round < rounds; round += 1) {
      const [one, two] = drawPlaces(participants, { seed: `round ${round}`, publicNumber: '' }, 2).map(({ participant }) => participant);
      counts[`${one}${two}`] = (counts[`${one}${two}`] ?? 0) + 1;
    }
    const weights: Record<string, number> = { a: 1, b: 2, c: 3, d: 4 };
    let chi = 0;
    for (const [one, first] of Object.entries(weights))
      for (const [two, second] of Object.entries(weights)) {
        if (one === two) continue;
        const expected = (rounds * first * second) / (10 * (10 - first));
        chi += ((counts[`${one}${two}`] ?? 0) - expected) ** 2 / expected;
      }
    // 99.9 % quantile of chi-square with 11 degrees of freedom: R, qchisq(0.999, 11).
    expect(chi).toBeLessThan(31.26);
  });
});

describe('a file of participants', () => {
  it.each([
    ['another first line', '"user","weight"\n"a",1\n', 'Line 1'],
    ['lines in another order', '"participant","weight"\n"b",1\n"a",1\n', 'Line 3'],
    ['the same participant twice', '"participant","weight"\n"a",1\n"a",2\n', 'Line 3'],
    ['a weight of zero', '"participant","weight"\n"a",0\n', 'Line 2'],
    ['a negative weight', '"participant","weight"\n"a",-1\n', 'Line 2'],
    ['a broken weight', '"participant","weight"\n"a",1.5\n', 'Line 2'],
    ['a weight beyond the limit', '"participant","weight"\n"a",1000000000001\n', 'Line 2'],
    ['an id without quotes', '"participant","weight"\na,1\n', 'Line 2'],
    ['a cut last line', '"participant","weight"\n"a",1\n"b",1', 'Line 3'],
    ['line ends of Windows', '"participant","weight"\r\n"a",1\r\n', 'Line 1'],
    ['nothing at all', '', 'Line 1'],
  ])('is refused with %s', (_, text, place) => {
    expect(() => readParticipants(Buffer.from(text))).toThrow(place);
  });
});
