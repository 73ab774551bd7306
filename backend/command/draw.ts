import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../../shared/problem.ts';
import { drawPlaces, readParticipants, sha256 } from '../draws/index.ts';
import { WrongUse, type PlainCommand } from './command.ts';

const usage = 'tasksheet draw verify FILE.csv --seed SEED [--number PUBLISHED] [--places 10] [--fingerprint SHA256] [--seed-hash SHA256] [--json]';

function parsed(given: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: given, allowPositionals: true, options: { seed: text, number: text, places: { type: 'string', default: '10' }, fingerprint: text, 'seed-hash': text, json: { type: 'boolean' } } });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function readArguments(given: string[]) {
  const { values, positionals } = parsed(given);
  const [what, file, ...rest] = positionals;
  if (what !== 'verify' || file === undefined || rest.length > 0) throw new WrongUse('verify and one file of participants are needed.');
  if (values.seed === undefined) throw new WrongUse('--seed is needed: it stands in the protocol of the draw.');
  const places = Number(values.places);
  if (!Number.isInteger(places) || places < 1) throw new WrongUse(`--places is a whole number from 1, this is ${values.places}.`);
  return { file, seed: values.seed, publicNumber: values.number ?? '', places, fingerprint: values.fingerprint, seedHash: values['seed-hash'] };
}

/** Tells of what does not go with the protocol; none of it is drawn from. */
function checkHashes(given: { what: 'file' | 'seed'; expected: string | undefined; came: string }[]): void {
  const wrong = given.find(({ expected, came }) => expected !== undefined && expected.toLowerCase() !== came);
  if (wrong === undefined) return;
  const { what, expected, came } = wrong;
  throw new Problem('conflict', {
    ru: `${what === 'file' ? 'Это не тот файл участников' : 'Это не тот ключ'}: отпечаток ${came}, а в протоколе ${expected}.`,
    en: `This is not the ${what === 'file' ? 'file of participants' : 'seed'} of the protocol: its SHA-256 is ${came}, expected ${expected}.`,
  });
}

/** Repeats a draw from what its protocol says, without the product's data. */
export const draw: PlainCommand = {
  name: 'draw',
  usage,
  summary: 'Repeat a draw from its file of participants and seed',
  needs: 'nothing',
  run: async (_config, { arguments: given, workingDirectory, output }) => {
    const { file, seed, publicNumber, places, fingerprint, seedHash } = readArguments(given);
    const bytes = await readFile(resolve(workingDirectory, file)).catch((cause: unknown) => {
      throw new Problem('not_found', { ru: `Файл ${file} не читается. Проверьте имя и права.`, en: `The file ${file} cannot be read. Check its name and rights.` }, { cause });
    });
    checkHashes([{ what: 'file', expected: fingerprint, came: sha256(bytes) }, { what: 'seed', expected: seedHash, came: sha256(seed) }]);
    const participants = readParticipants(bytes);
    const drawn = drawPlaces(participants, { seed, publicNumber }, places).map(({ place, participant, weight }) => ({ place, participant, weight: String(weight) }));
    if (output.json) output.line(JSON.stringify({ fingerprint: participants.fingerprint, seedHash: sha256(seed), participants: participants.count, tickets: String(participants.tickets), places: drawn }));
    else {
      output.line(`participants: ${participants.count} · tickets: ${participants.tickets}`);
      output.line(`fingerprint: ${participants.fingerprint}`);
      output.line(`seed hash:   ${sha256(seed)}`);
      drawn.forEach(({ place, participant, weight }) => output.line(`${place}\t${participant}\t${weight}`));
    }
    return 0;
  },
};
