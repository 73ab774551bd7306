import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import axios from 'axios';
import express, { type Express } from 'express';
import { z } from 'zod';
import { localText } from '../../shared/language.ts';
import { Problem, problemCodes } from '../../shared/problem.ts';
import type { Config } from '../config.ts';
import { openLog } from '../log.ts';
import { openProduct, type Product } from '../product.ts';
import { asProblem } from '../server/problem-answer.ts';
import { readRunningBackend, type RunningBackend } from '../state/directory-lock.ts';
import { WrongUse, type Command, type CommandInput, type ExitCode, type ProductCommand } from './command.ts';
import { commands } from './index.ts';

const request = z.strictObject({ name: z.string(), arguments: z.array(z.string()), workingDirectory: z.string(), json: z.boolean() });

/** One line of the answer: output, or how it ended. */
const message = z.union([
  z.strictObject({ line: z.string() }),
  z.strictObject({ warning: z.string() }),
  z.strictObject({ status: z.string() }),
  z.strictObject({ exit: z.union([z.literal(0), z.literal(1), z.literal(2)]) }),
  z.strictObject({ wrongUse: z.string() }),
  z.strictObject({ problem: z.strictObject({ code: z.enum(problemCodes), text: localText, fields: z.record(z.string(), localText).optional() }) }),
]);

export function newLocalToken(): string {
  return randomBytes(32).toString('base64url');
}

function sameToken(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Lets the command line of this machine's user use the engines of the running backend, which alone may open them. The
 * token stands in the lock file, readable by that user only.
 */
export function answerCommands(app: Express, product: Product, token: string): void {
  app.post('/local/commands', express.json({ limit: '12mb' }), async (incoming, response) => {
    if (!sameToken(incoming.headers.authorization ?? '', `Local ${token}`)) throw new Problem('not_found', { ru: 'Такого адреса нет.', en: 'There is no such address.' });
    const asked = request.parse(incoming.body);
    const command = commands.find(({ name, needs }) => name === asked.name && needs === 'product') as ProductCommand | undefined;
    if (command === undefined) throw new Problem('not_found', { ru: 'Такой команды нет.', en: 'There is no such command.' });
    response.status(200).type('application/x-ndjson');
    const say = (said: z.input<typeof message>) => void response.write(`${JSON.stringify(said)}\n`);
    const stop = new AbortController();
    response.on('close', () => stop.abort());
    try {
      const exit = await command.run(product, {
        arguments: asked.arguments,
        workingDirectory: asked.workingDirectory,
        output: { json: asked.json, line: (line) => say({ line }), warn: (warning) => say({ warning }), status: (status) => say({ status }) },
        signal: stop.signal,
      });
      say({ exit });
    } catch (error) {
      if (error instanceof WrongUse) say({ wrongUse: error.message });
      else {
        const { code, text, fields } = asProblem(error);
        say({ problem: { code, text, ...(fields === undefined ? {} : { fields }) } });
      }
    }
    response.end();
  });
}

async function askBackend(backend: RunningBackend, command: ProductCommand, input: CommandInput): Promise<ExitCode> {
  const { data } = await axios.post<Readable>(
    `${backend.url}/local/commands`,
    { name: command.name, arguments: input.arguments, workingDirectory: input.workingDirectory, json: input.output.json } satisfies z.input<typeof request>,
    { headers: { Authorization: `Local ${backend.token}` }, responseType: 'stream', signal: input.signal, proxy: false },
  );
  data.setEncoding('utf8');
  let pending = '';
  for await (const chunk of data as AsyncIterable<string>) {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const said = message.parse(JSON.parse(line));
      if ('line' in said) input.output.line(said.line);
      else if ('warning' in said) input.output.warn(said.warning);
      else if ('status' in said) input.output.status(said.status);
      else if ('wrongUse' in said) throw new WrongUse(said.wrongUse);
      else if ('problem' in said) throw new Problem(said.problem.code, said.problem.text, said.problem.fields === undefined ? {} : { fields: said.problem.fields });
      else return said.exit;
    }
  }
  throw new Problem('interrupted', { ru: 'Сервер остановился, не закончив команду.', en: 'The backend stopped before the command was done.' });
}

/** Carries out a command: by the running backend when there is one, otherwise with engines started for it. */
export async function carryOut(command: Command, config: Config, input: CommandInput, version: string): Promise<ExitCode> {
  if (command.needs === 'nothing') return command.run(config, input);
  const backend = await readRunningBackend(config.dataDirectory);
  if (backend !== undefined) return askBackend(backend, command, input);
  const product = await openProduct(config, { version, log: openLog(), status: input.output.status, sample: config.catalogDirectory === undefined });
  try {
    return await command.run(product, input);
  } finally {
    await product.close();
  }
}
