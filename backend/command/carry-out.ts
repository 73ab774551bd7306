import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import express, { type Express, type Request } from 'express';
import { z } from 'zod';
import { localText, type LocalText } from '../../shared/language.ts';
import { Problem, problemCodes } from '../../shared/problem.ts';
import type { Config } from '../config.ts';
import { openLog } from '../log.ts';
import { openProduct, type Product } from '../product.ts';
import { asProblem, logFault } from '../server/problem-answer.ts';
import { readRunningBackend, type RunningBackend } from '../state/directory-lock.ts';
import { WrongUse, type Command, type CommandInput, type ExitCode, type Output, type ProductCommand } from './command.ts';
import { commands } from './index.ts';

const request = z.strictObject({ name: z.string(), arguments: z.array(z.string()), workingDirectory: z.string(), json: z.boolean() });

/** One line of the answer: output, or how it ended. */
const message = z.union([
  z.strictObject({ line: z.string() }),
  z.strictObject({ warning: z.string() }),
  z.strictObject({ status: z.string() }),
  z.strictObject({ exit: z.union([z.literal(0), z.literal(1), z.literal(2)]) }),
  z.strictObject({ wrongUse: z.string() }),
  z.strictObject({ problem: z.strictObject({ code: z.enum(problemCodes), text: localText, fields: z.record(z.string(), localText).optional(), reference: z.string() }) }),
]);

export function newLocalToken(): string {
  return randomBytes(32).toString('base64url');
}

function sameToken(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Before the body is read: whoever has no token may not keep the backend busy with one. */
function requireToken(token: string) {
  return (incoming: Request, _response: unknown, next: () => void) => {
    if (!sameToken(incoming.headers.authorization ?? '', `Local ${token}`)) throw new Problem('not_found', { ru: 'Такого адреса нет.', en: 'There is no such address.' });
    next();
  };
}

function readRequest(body: unknown): z.output<typeof request> {
  const read = request.safeParse(body);
  if (read.success) return read.data;
  throw new Problem('invalid_request', { ru: 'Команда не понята: программа и сервер разных версий.', en: 'The command is not understood: the program and the backend are of different versions.' }, { cause: read.error });
}

/**
 * Lets the command line of this machine's user use the engines of the running backend, which alone may open them. The
 * token stands in the lock file, readable by that user only.
 */
export function answerCommands(app: Express, product: Product, token: string): void {
  app.post('/local/commands', requireToken(token), express.json({ limit: '12mb' }), async (incoming, response) => {
    const asked = readRequest(incoming.body);
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
      else if (!stop.signal.aborted || error instanceof Problem) {
        const { code, text: words, fields } = asProblem(error);
        const reference = logFault(product.log, error, { command: command.name });
        say({ problem: { code, text: words, ...(fields === undefined ? {} : { fields }), reference } });
      }
    }
    response.end();
  });
}

function stopped(cause: unknown): Problem {
  return new Problem('interrupted', { ru: 'Остановлено.', en: 'Stopped.' }, { cause });
}

function backendGone(cause?: unknown): Problem {
  return new Problem('interrupted', { ru: 'Сервер остановился, не закончив команду.', en: 'The backend stopped before the command was done.' }, { cause });
}

function unreachable({ url }: RunningBackend, cause: unknown): Problem {
  return new Problem(
    'source_unreachable',
    {
      ru: `Сервер Tasksheet, открывший эту папку данных, не отвечает по адресу ${url}. Подождите, пока он запустится или остановится, и повторите; если он завис, завершите его процесс.`,
      en: `The Tasksheet backend that has this data folder open does not answer at ${url}. Wait until it has started or stopped and try again; if it hangs, end its process.`,
    },
    { cause },
  );
}

/** What the backend said instead of carrying the command out. */
async function refusal(status: number, answer: Readable): Promise<Problem> {
  const said = await text(answer).catch(() => '');
  const known = z.object({ code: z.enum(problemCodes), text: localText }).safeParse(parsedJson(said));
  if (known.success) return new Problem(known.data.code, known.data.text);
  return new Problem('not_ready', { ru: `Сервер ответил ${status}, команда не выполнена.`, en: `The backend answered ${status}; the command was not carried out.` });
}

function parsedJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

function withReference(code: Problem['code'], words: LocalText, reference: string): LocalText {
  return code === 'internal' ? { ru: `${words.ru} Код обращения: ${reference}.`, en: `${words.en} Reference: ${reference}.` } : words;
}

/** Hands one line of the answer on; the exit code is the last. */
function hear(line: string, output: Output): ExitCode | undefined {
  const said = message.parse(JSON.parse(line));
  if ('line' in said) output.line(said.line);
  else if ('warning' in said) output.warn(said.warning);
  else if ('status' in said) output.status(said.status);
  else if ('wrongUse' in said) throw new WrongUse(said.wrongUse);
  else if ('problem' in said) {
    const { code, text: words, fields, reference } = said.problem;
    throw new Problem(code, withReference(code, words, reference), fields === undefined ? {} : { fields });
  } else return said.exit;
  return undefined;
}

/** The address stands in our own lock file and is this machine's: its certificate is made for another name. */
const ownMachine = new Agent({ rejectUnauthorized: false });

/** Asks the running backend to carry a command out, and hands on what it says. */
export async function askBackend(backend: RunningBackend, command: Pick<ProductCommand, 'name'>, input: CommandInput): Promise<ExitCode> {
  const asked = { name: command.name, arguments: input.arguments, workingDirectory: input.workingDirectory, json: input.output.json } satisfies z.input<typeof request>;
  const options = { headers: { Authorization: `Local ${backend.token}` }, responseType: 'stream', signal: input.signal, proxy: false, validateStatus: () => true, httpsAgent: ownMachine } as const;
  const { data, status } = await axios.post<Readable>(`${backend.url}/local/commands`, asked, options).catch((cause: unknown) => {
    throw input.signal.aborted ? stopped(cause) : unreachable(backend, cause);
  });
  if (status !== 200) throw await refusal(status, data);
  for await (const line of linesOf(data, input.signal)) {
    const exit = hear(line, input.output);
    if (exit !== undefined) return exit;
  }
  throw backendGone();
}

async function* linesOf(answer: Readable, signal: AbortSignal): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  let pending = '';
  try {
    for await (const chunk of answer as AsyncIterable<string>) {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw signal.aborted ? stopped(error) : backendGone(error);
  }
}

function noData(directory: string): Problem {
  return new Problem('not_found', {
    ru: `Папки данных ${directory} нет, и сервер с ней не запущен. Проверьте TASKSHEET_DATA; новую создают serve и demo.`,
    en: `There is no data folder ${directory}, and no backend runs on it. Check TASKSHEET_DATA; serve and demo make a new one.`,
  });
}

/** Carries out a command: by the running backend when there is one, otherwise with engines started for it. */
export async function carryOut(command: Command, config: Config, input: CommandInput, version: string): Promise<ExitCode> {
  if (command.needs === 'nothing') return command.run(config, input);
  const backend = await readRunningBackend(config.dataDirectory);
  if (backend !== undefined) return askBackend(backend, command, input);
  if (command.inData === true && !existsSync(config.dataDirectory)) throw noData(config.dataDirectory);
  const product = await openProduct(config, { version, log: openLog(), status: input.output.status, sample: config.catalogDirectory === undefined && config.catalogGit === undefined });
  try {
    return await command.run(product, input);
  } catch (error) {
    // What a stopped engine or stream throws is no fault then.
    throw input.signal.aborted && !(error instanceof Problem) ? stopped(error) : error;
  } finally {
    await product.close();
  }
}
