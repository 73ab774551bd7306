import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from './bench.ts';

type Answer = { value: unknown } | { failure: string };

/** A process of ours that does one kind of work on demand. */
export interface HelperProcess<Question, Value> {
  ask(question: Question): Promise<Value>;
  end(): Promise<void>;
}

/** Starts `module` (an address) with arguments; it must call `answerQuestions`. */
export function startHelper<Question, Value>(context: BenchContext, module: string, given: string[] = []): HelperProcess<Question, Value> {
  const child = fork(fileURLToPath(module), given, { execArgv: ['--import', import.meta.resolve('tsx')], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await exited;
  };
  context.onEnd(end);
  return {
    ask: async (question) => {
      const over = new AbortController();
      const answer = once(child, 'message', { signal: over.signal }) as Promise<[Answer]>;
      answer.catch(() => undefined);
      child.send({ question });
      const died = exited.then(([code, signal]: unknown[]): never => {
        throw new Error(`${module} ended (${String(signal ?? code)})`);
      });
      try {
        const [said] = await Promise.race([answer, died]);
        if ('failure' in said) throw new Error(said.failure);
        return said.value as Value;
      } finally {
        over.abort();
      }
    },
    end,
  };
}

/** The other end: answers each question in turn, and goes when nobody can ask any more. */
export function answerQuestions<Question, Value>(work: (question: Question) => Promise<Value>): void {
  const send = (answer: Answer): void => void process.send?.(answer);
  process.on('message', (message: { question: Question }) => {
    work(message.question).then(
      (value) => send({ value }),
      (error: unknown) => send({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
