#!/usr/bin/env node
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Problem } from '../shared/problem.ts';
import { commands } from './command/index.ts';
import { WrongUse, type ExitCode, type Output } from './command/command.ts';
import { carryOut } from './command/carry-out.ts';
import { demo } from './command/demo.ts';
import { serve } from './command/serve.ts';
import { ConfigFaults, readConfig, type Config } from './config.ts';

const version = '0.1.0';

function usage(): string {
  const width = Math.max(...commands.map(({ usage: text }) => text.length));
  const lines = commands.map(({ usage: text, summary }) => `  ${text.padEnd(width)}  ${summary}`);
  return ['tasksheet: a form, a run, an answer in the worksheet', '', `  ${'tasksheet demo'.padEnd(width)}  The product with a sample company, for trying it`, `  ${'tasksheet serve'.padEnd(width)}  The product with your catalog and settings`, ...lines, '', 'Exit codes: 0 done, 1 the work failed, 2 wrong use.'].join('\n');
}

function terminal(json: boolean): Output {
  const shown = process.stderr.isTTY && !json;
  return {
    json,
    line: (text) => process.stdout.write(`${text}\n`),
    warn: (text) => process.stderr.write(`${text}\n`),
    status: (text) => {
      if (shown) process.stderr.write(`\r\u001b[2K${text}`);
    },
  };
}

/** Questions go to standard error, so that the output can be piped on. What is typed ahead answers the next question. */
function asking(signal: AbortSignal): { ask?: (question: string) => Promise<string> } {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return {};
  let lines: AsyncIterator<string> | undefined;
  const aborted = once(signal, 'abort');
  return {
    ask: async (question) => {
      process.stderr.write(question);
      lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      const answer = await Promise.race([lines.next(), aborted]);
      if (Array.isArray(answer) || answer.done === true) throw new Problem('interrupted', { ru: 'Остановлено.', en: 'Stopped.' });
      return answer.value;
    },
  };
}

/** Aborts at the first Ctrl+C or SIGTERM; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

async function main(given: string[]): Promise<ExitCode> {
  const [name = '', ...rest] = given;
  const config: Config = readConfig(process.env);
  const signal = interruption();
  if (name === 'serve' && rest.length === 0) return serve(config, { version, signal });
  if (name === 'demo' && rest.length === 0) return demo(config, { version, signal });
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined || rest.includes('--help')) {
    const asked = name === '' || name === 'help' || name === '--help' || command !== undefined;
    (asked ? process.stdout : process.stderr).write(`${command === undefined ? usage() : command.usage}\n`);
    return asked ? 0 : 2;
  }
  const json = rest.includes('--json');
  try {
    return await carryOut(command, config, { arguments: rest.filter((one) => one !== '--json'), workingDirectory: process.cwd(), output: terminal(json), signal, ...asking(signal) }, version);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    process.stderr.write(`${error.message}\n${command.usage}\n`);
    return 2;
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigFaults) return error.message;
  if (!(error instanceof Problem)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const language = readLanguage();
  const fields = Object.entries(error.fields ?? {}).map(([name, text]) => `\n  ${name}: ${text[language]}`);
  return `${error.text[language]}${fields.join('')}`;
}

function readLanguage() {
  try {
    return readConfig(process.env).language;
  } catch {
    return 'en' as const;
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof ConfigFaults ? 2 : 1);
  },
);
