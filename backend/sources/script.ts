import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { z } from 'zod';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { QueryContext, StoredTable } from '../workbench/workbench.ts';
import { writeGivenFiles } from './script/given-files.ts';
import { inOwnDirectory, sweepAbandoned } from './script/own-directory.ts';
import { runProgram, type Program, type ProgramEnd } from './script/own-process.ts';
import { pythonModule } from './script/python-module.ts';
import { tailOf, takeTable } from './script/taken-table.ts';
import type { BoundStep, Source, SourceKind, SourceParts, SourceState } from './source.ts';

const settings = z.strictObject({ interpreter: z.string().min(1) });

/** Of each file that a script writes, its table included. */
const fileBytes = 2_000_000_000;
const checkSeconds = 15;

/** Nothing of the backend's own: no passwords, no addresses. */
function environmentOf(interpreter: string, directory: string): Record<string, string> {
  return {
    PATH: `${dirname(interpreter)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: directory,
    TMPDIR: join(directory, 'tmp'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    PYTHONIOENCODING: 'utf-8',
    PYTHONDONTWRITEBYTECODE: '1',
    MPLBACKEND: 'Agg',
  };
}

/** What an interpreter expects a program of its language to be called. */
function scriptName(interpreter: string): string {
  const name = interpreter.slice(interpreter.lastIndexOf('/') + 1);
  if (/^(python|pypy)/i.test(name)) return 'script.py';
  return /^rscript/i.test(name) ? 'script.R' : 'script';
}

function notStarted(cause: Error, details: { forAuthor?: string }): Problem {
  return new Problem('source_unreachable', { ru: 'Скрипт не запустился: на сервере нет нужной программы. Скажите оператору.', en: 'The script was not started: the server lacks a program. Tell the operator.' }, { ...details, cause });
}

function outOfMemory(memoryBytes: number): LocalText {
  const size = Math.round(memoryBytes / 1e6);
  return { ru: `Скрипту не хватило памяти (${size} МБ). Увеличьте limits.memory задачи или читайте данные частями.`, en: `The script ran out of memory (${size} MB). Raise the task's limits.memory, or read the data in parts.` };
}

function endProblem(end: ProgramEnd, context: QueryContext, forAuthor: string): Problem | undefined {
  const details = forAuthor.trim() === '' ? {} : { forAuthor: forAuthor.trim() };
  const { timeSeconds, memoryBytes } = context.limits;
  switch (end.end) {
    case 'exit':
      if (end.code === 0) return undefined;
      if (end.code === 126 || end.code === 127) return notStarted(new Error(`exit code ${end.code}`), details);
      if (/MemoryError|cannot allocate memory|std::bad_alloc/i.test(forAuthor)) return new Problem('memory_limit', outOfMemory(memoryBytes), details);
      return new Problem('query_failed', { ru: `Скрипт завершился с ошибкой (код ${end.code}). Подробности видит автор задачи.`, en: `The script ended with an error (code ${end.code}). The task's author sees the details.` }, details);
    case 'killed':
      return new Problem('query_failed', {
        ru: `Скрипт остановлен системой (${end.by}): не хватило памяти (${Math.round(memoryBytes / 1e6)} МБ), файл вышел слишком большим или программа сломалась.`,
        en: `The system ended the script (${end.by}): it ran out of memory (${Math.round(memoryBytes / 1e6)} MB), wrote too large a file, or crashed.`,
      }, details);
    case 'late':
      return new Problem('time_limit', { ru: `Скрипт не уложился в ${timeSeconds} с и остановлен.`, en: `The script did not finish within ${timeSeconds} s and was stopped.` }, details);
    case 'stopped':
      return new Problem('interrupted', { ru: 'Скрипт остановлен.', en: 'The script was stopped.' });
    case 'absent':
      return notStarted(end.cause, details);
  }
}

function unsupported(name: string): Problem {
  return new Problem('query_refused', { ru: `«${name}» запускает скрипты и не отвечает на запросы.`, en: `“${name}” runs scripts and answers no queries.` });
}

class ScriptSource implements Source {
  readonly language = 'script' as const;

  constructor(
    private readonly interpreter: string,
    private readonly parts: SourceParts,
  ) {}

  placeholder(name: string): string {
    return name;
  }

  stepReference(name: string): string {
    return name;
  }

  run(step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable> {
    return inOwnDirectory(async (directory) => {
      const { workbench } = this.parts;
      await writeGivenFiles(workbench, step, { directory, signal: context.signal });
      const script = scriptName(this.interpreter);
      await writeFile(join(directory, script), step.sql, { mode: 0o600 });
      if (extname(script) === '.py') await writeFile(join(directory, 'tasksheet.py'), pythonModule, { mode: 0o600 });
      const end = await runProgram(this.program([script], directory, context), randomUUID());
      const said = async (): Promise<string> => [await tailOf(join(directory, 'stdout'), 1_000), await tailOf(join(directory, 'stderr'))].filter((text) => text.trim() !== '').join('\n');
      const problem = endProblem(end, context, end.end === 'exit' && end.code === 0 ? '' : await said());
      if (problem !== undefined) throw problem;
      return takeTable(workbench, { directory, casts: step.casts, tableId, context }).catch(async (error: unknown) => {
        throw error instanceof Problem && error.code === 'query_failed' ? new Problem(error.code, error.text, { forAuthor: await said(), cause: error.cause }) : error;
      });
    });
  }

  select(): Promise<never> {
    return Promise.reject(unsupported(this.parts.name));
  }

  describe(): Promise<never> {
    return Promise.reject(unsupported(this.parts.name));
  }

  check(signal: AbortSignal): Promise<SourceState> {
    return inOwnDirectory(async (directory) => {
      const begun = performance.now();
      const context = { queryId: 'check', limits: { timeSeconds: checkSeconds, rows: 1, memoryBytes: 2_000_000_000 }, signal };
      const end = await runProgram(this.program(['--version'], directory, context), randomUUID());
      const problem = endProblem(end, context, '');
      if (problem !== undefined) throw problem;
      const version = `${await tailOf(join(directory, 'stdout'), 200)}${await tailOf(join(directory, 'stderr'), 200)}`.trim().split('\n')[0] ?? '';
      return { version, latencyMs: Math.round(performance.now() - begun) };
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private program(given: string[], directory: string, { limits, signal }: Pick<QueryContext, 'limits' | 'signal'>): Program {
    return { command: this.interpreter, arguments: given, directory, environment: environmentOf(this.interpreter, directory), limits: { ...limits, fileBytes }, signal };
  }
}

/**
 * An interpreter that the operator has allowed. A step's text is the script; it finds earlier steps as files and gives a table
 * back. Its process has limits but is no sandbox: it may read what the backend's user may.
 */
export const scriptSource: SourceKind<z.infer<typeof settings>> = {
  kind: 'script',
  language: 'script',
  settings,
  open: ({ interpreter }, parts) => {
    void sweepAbandoned();
    return new ScriptSource(interpreter, parts);
  },
};
