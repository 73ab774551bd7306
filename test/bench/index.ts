import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { sidesAgree, verdictOf, type BenchContext, type Comparison } from './bench.ts';
import { benches } from './benches.ts';
import { prepareCompany, type Company } from './company.ts';
import { processTree } from './processes.ts';
import { asMarkdown, asText, type Surroundings } from './report.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/benchmarks.md');

const usage = [
  'npm run bench -- [NAME] [--full] [--write]',
  '',
  ...benches.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`),
  '',
  '  --full   the sizes that the limits were set for; smaller ones otherwise',
  '  --write  keep the results in docs/benchmarks.md; only for all benches at once',
  '',
  'Exit codes: 0 all limits reached, 1 one was not or a bench failed, 2 wrong use.',
].join('\n');

interface Asked {
  name: string | undefined;
  full: boolean;
  write: boolean;
}

function parse(given: string[]): Asked | string {
  const names = given.filter((one) => !one.startsWith('-'));
  const unknown = [...given.filter((one) => one.startsWith('-') && !['--full', '--write'].includes(one)), ...names.filter((name) => !benches.some((bench) => bench.name === name))];
  if (unknown.length > 0) return `Unknown: ${unknown.join(' ')}`;
  if (names.length > 1) return 'Name one bench, or none for all.';
  const asked = { name: names[0], full: given.includes('--full'), write: given.includes('--write') };
  return asked.write && asked.name !== undefined ? 'The page holds all benches: --write takes no NAME.' : asked;
}

/** The machine before anything was measured. Without its name or its maker: they say nothing about the product. */
async function surroundings(given: string[]): Promise<Surroundings> {
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/chdb/package.json'), 'utf8')) as { version: string };
  return {
    day: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(given.length > 0 ? ['--', ...given] : [])].join(' '),
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${type()} ${process.arch}`,
    node: process.version.slice(1),
    engine: `chdb ${version}`,
    load: (loadavg()[0] ?? 0).toFixed(1),
  };
}

/** What a run of benches opened, closed in the opposite order whatever happens. */
class Ending {
  readonly #closers: (() => Promise<void>)[] = [];
  #ended: Promise<void> | undefined;

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  end(): Promise<void> {
    this.#ended ??= this.#closeAll();
    return this.#ended;
  }

  async #closeAll(): Promise<void> {
    while (this.#closers.length > 0)
      await this.#closers.shift()?.().catch((error: unknown) => void process.stderr.write(`could not close: ${String(error)}\n`));
  }
}

function endOwnProcesses(): void {
  for (const processId of processTree(process.pid).slice(1)) {
    try {
      process.kill(processId, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
}

async function makeContext(full: boolean, ending: Ending): Promise<BenchContext> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-bench-'));
  ending.add(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  // Whatever a bench or a process of it keeps for a while stays inside.
  process.env['TMPDIR'] = directory;
  let company: Promise<Company> | undefined;
  const context: BenchContext = {
    full,
    directory,
    company: () => (company ??= prepareCompany(context)),
    say: (text) => void process.stderr.write(`… ${text}\n`),
    onEnd: (close) => ending.add(close),
  };
  return context;
}

async function measure({ name, full }: Asked, ending: Ending): Promise<{ comparisons: Comparison[]; failed: boolean }> {
  const context = await makeContext(full, ending);
  const comparisons: Comparison[] = [];
  let failed = false;
  for (const bench of benches.filter((one) => name === undefined || one.name === name))
    try {
      for (const comparison of await bench.run(context)) {
        comparisons.push(comparison);
        process.stdout.write(`${asText(comparison)}\n`);
      }
    } catch (error) {
      failed = true;
      process.stderr.write(`${bench.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  return { comparisons, failed };
}

async function main(given: string[]): Promise<number> {
  const asked = given.includes('--help') ? '' : parse(given);
  if (typeof asked === 'string') {
    (asked === '' ? process.stdout : process.stderr).write(`${asked === '' ? '' : `${asked}\n\n`}${usage}\n`);
    return asked === '' ? 0 : 2;
  }
  const machine = await surroundings(given);
  const ending = new Ending();
  const interrupt = (): void => {
    endOwnProcesses();
    void ending.end().then(() => process.exit(130));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const { comparisons, failed } = await measure(asked, ending).finally(() => ending.end());
  if (asked.write && failed) process.stderr.write('Nothing was written: a bench failed.\n');
  if (asked.write && !failed) await writeFile(page, asMarkdown(comparisons, machine));
  if (!asked.full) process.stdout.write('Small sizes: the limits were set for those of --full.\n');
  const reached = comparisons.every((one) => sidesAgree(one) && one.figures.every((figure) => verdictOf(figure) === 'reached'));
  return reached && !failed ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
