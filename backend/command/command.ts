import type { Config } from '../config.ts';
import type { Product } from '../product.ts';

/** Where a command writes: a terminal, or the answer to the command line that asked a running backend. */
export interface Output {
  /** For people; also the object, when programs asked for JSON. */
  line(text: string): void;
  /** For people, beside the output: on standard error. */
  warn(text: string): void;
  /** Passing news such as a percentage: shown on a terminal only, overwritten by the next. */
  status(text: string): void;
  json: boolean;
}

/** 0 done, 1 the work failed, 2 wrong use. */
export type ExitCode = 0 | 1 | 2;

export interface CommandInput {
  /** What stands after the command's name. */
  arguments: string[];
  /** Folder that relative file names start from. */
  workingDirectory: string;
  output: Output;
  signal: AbortSignal;
  /** Asks the person at the terminal; absent where nobody can answer. */
  ask?: (question: string) => Promise<string>;
}

/** Wrong use of a command: shown with its usage, exit code 2. */
export class WrongUse extends Error {}

/** A command that needs the engines: carried out by the running backend, or by one started for it. */
export interface ProductCommand {
  name: string;
  usage: string;
  summary: string;
  needs: 'product';
  /** True when it works on what people have, so that it makes no sense in a new data folder. */
  inData?: boolean;
  run(product: Product, input: CommandInput): Promise<ExitCode>;
}

/** A command that stands alone. */
export interface PlainCommand {
  name: string;
  usage: string;
  summary: string;
  needs: 'nothing';
  run(config: Config, input: CommandInput): Promise<ExitCode>;
}

export type Command = ProductCommand | PlainCommand;
