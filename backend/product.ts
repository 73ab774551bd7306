import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import type { FieldContext } from '../shared/fields/field-kind.ts';
import { Problem } from '../shared/problem.ts';
import { todayIn } from '../shared/relative-period.ts';
import { accessOf, isKnown } from './access/access.ts';
import { deriveKeys } from './access/keys.ts';
import { createLinks, type Links } from './access/links.ts';
import { secretIn } from './access/secret-file.ts';
import { createSessions, type Sessions } from './access/sessions.ts';
import { createSignInCodes, type SignInCodes } from './access/sign-in-codes.ts';
import { openAlerts, questionNews, type Alerts } from './alerts/index.ts';
import { catalogCommit, lintCatalog, openCatalog } from './catalog/index.ts';
import { catalogHook, openCatalogRemote, refusalNews, type CatalogRemote } from './catalog-remote/index.ts';
import type { Catalog } from './catalog/task.ts';
import type { Config } from './config.ts';
import { drawRunner, openDraws, type Draws } from './draws/index.ts';
import { experimentRunner, openExperiments, type Experiments } from './experiments/index.ts';
import { withFiles } from './examples/given-files.ts';
import { openNightlyExamples, type NightlyExamples } from './examples/nightly-examples.ts';
import { openForms, type Forms } from './forms/index.ts';
import { catalogRules } from './kinds.ts';
import type { Log } from './log.ts';
import type { KindRunner } from './runs/kind-runner.ts';
import { ownViews } from './own-data/index.ts';
import { openFreshness, type Freshness } from './runs/freshness-cache.ts';
import { openKeptSteps } from './runs/kept-steps.ts';
import { keepTidy } from './runs/retention.ts';
import { openRecalls, type Recalls } from './runs/recalls.ts';
import { openRuns, type Runs } from './runs/runs.ts';
import { startWorker, type ExecutionWorker } from './runs/worker.ts';
import { prepareSample } from './sample/prepare-sample.ts';
import { startSampleServices } from './sample-services/index.ts';
import { makeServer } from './server/make-server.ts';
import { builtInLanguages, openSources, type OpenSources } from './sources/open-sources.ts';
import { lockDirectory, type RunningBackend } from './state/directory-lock.ts';
import { openState } from './state/open-state.ts';
import { openSourceLedger } from './state/source-ledger.ts';
import type { State } from './state/state.ts';
import { openUploads, type Uploads } from './uploads/index.ts';
import { openWorkbench } from './workbench/clickhouse-workbench.ts';
import { openEmbeddedWorkbench } from './workbench/embedded-workbench.ts';
import type { Workbench } from './workbench/workbench.ts';

export interface ProductOptions {
  version: string;
  log: Log;
  /** News of a long start, for a terminal. */
  status: (text: string) => void;
  /** Whether the sample company is made when it is not there yet. */
  sample: boolean;
  /** Share of the sample's full size; 1 when absent. */
  sampleScale?: number;
  /** Whether the sample people may sign in. */
  demo?: boolean;
  now?: () => Date;
  /** Origins besides Office's that may frame the pane. */
  frameOrigins?: string[];
}

/** Everything that runs, put together once; commands and the server work on it. */
export interface Product {
  config: Config;
  log: Log;
  version: string;
  state: State;
  workbench: Workbench;
  catalog: Catalog;
  catalogDirectory: string;
  /** Where the catalog is pulled from; absent when it is a folder. */
  catalogRemote: CatalogRemote | undefined;
  sources: OpenSources;
  alerts: Alerts;
  examples: NightlyExamples;
  /** Where the sample company's channel can be read. */
  sampleChannel: string | undefined;
  experiments: Experiments;
  draws: Draws;
  forms: Forms;
  freshness: Freshness;
  worker: ExecutionWorker;
  runs: Runs;
  recalls: Recalls;
  uploads: Uploads;
  links: Links;
  sessions: Sessions;
  signInCodes: SignInCodes;
  timeZone: string;
  options: ProductOptions;
  address(): string;
  setAddress(address: string): void;
  fieldContext(): FieldContext;
  /** Tells this machine's command line where the product answers. */
  publish(backend: RunningBackend): Promise<void>;
  /** Resolves when another process has taken the data directory over. */
  lost: Promise<void>;
  close(): Promise<void>;
}

const root = (() => {
  const here = fileURLToPath(import.meta.url);
  return here.includes(`${join('dist', 'backend')}`) ? here.slice(0, here.lastIndexOf(join('dist', 'backend'))) : dirname(dirname(here));
})();

/** Where files that are shipped beside the code are. */
export const shipped = { catalog: join(root, 'catalog'), pane: join(root, 'dist/taskpane') };

function catalogDirectory(config: Config): string {
  const directory = config.catalogDirectory ?? shipped.catalog;
  if (!existsSync(directory))
    throw new Problem('not_found', { ru: `Папки каталога нет: ${directory}. Проверьте TASKSHEET_CATALOG.`, en: `There is no catalog folder at ${directory}. Check TASKSHEET_CATALOG.` });
  return directory;
}

/** Closes in the opposite order of opening, each part even when another fails to. */
class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];
  add(close: () => Promise<void> | void): void {
    this.#closers.unshift(close);
  }
  async close(log: Log): Promise<void> {
    for (const close of this.#closers.splice(0))
      try {
        await close();
      } catch (error) {
        log.error('close_failed', error);
      }
  }
}

/** Name and password stand in the address: `https://user:password@clickhouse.company.example:8443`. */
function serverEndpoint(address: string) {
  const { username, password, origin } = new URL(address);
  const endpoint = { url: origin, username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return () => Promise.resolve(endpoint);
}

async function openClickHouse(config: Config, log: Log, closers: Closers): Promise<Workbench> {
  const { timeZone } = config;
  const workbench =
    config.workbenchUrl === undefined
      ? await openEmbeddedWorkbench({ directory: join(config.dataDirectory, 'workbench'), timeZone, log: (line) => log.warn('engine', { line }) })
      : await openWorkbench({ endpoint: serverEndpoint(config.workbenchUrl), timeZone });
  closers.add(() => workbench.close());
  return workbench;
}

async function openEngines(config: Config, { log, status, version }: ProductOptions, closers: Closers) {
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(config.dataDirectory);
  closers.add(() => lock.release());
  status(config.language === 'ru' ? 'Запуск…' : 'Starting…');
  const onError = (error: unknown) => log.error('state_failed', error);
  const place = config.stateUrl === undefined ? { directory: join(config.dataDirectory, 'state') } : { url: config.stateUrl };
  const opened = await Promise.allSettled([
    openState({ ...place, version, onError }).then((state) => {
      closers.add(() => state.close());
      return state;
    }),
    openClickHouse(config, log, closers),
  ]);
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const [state, workbench] = opened.map((one) => (one.status === 'fulfilled' ? one.value : undefined)) as [State, Workbench];
  return { lock, state, workbench };
}

/** Opens engines, catalog, sources and workers in the order in which they need each other. What fails closes what is open. */
export async function openProduct(config: Config, options: ProductOptions): Promise<Product> {
  const closers = new Closers();
  try {
    return await assemble(config, options, closers);
  } catch (error) {
    await closers.close(options.log);
    throw error;
  }
}

async function assemble(config: Config, options: ProductOptions, closers: Closers): Promise<Product> {
  const { log } = options;
  const now = options.now ?? (() => new Date());
  const folder = config.catalogGit === undefined ? catalogDirectory(config) : undefined;
  const keys = deriveKeys(config.secret ?? (await secretIn(config.dataDirectory)));
  const { lock, state, workbench } = await openEngines(config, options, closers);
  if (options.sample)
    await prepareSample(workbench, { today: todayIn(config.timeZone, now()), scale: options.sampleScale ?? 1, progress: (done, of, words) => options.status(`${words[config.language]}: ${Math.round((100 * done) / of)} %`) });
  const rules = { limits: config.limits, ...catalogRules, builtInSources: builtInLanguages(config.scripts) };
  const catalogRemote = config.catalogGit === undefined ? undefined : await openCatalogRemote({ address: config.catalogGit, dataDirectory: config.dataDirectory, environment: config.environment, log, check: (files) => lintCatalog(files, undefined, rules) });
  if (catalogRemote !== undefined) closers.add(() => catalogRemote.close());
  const directory = catalogRemote?.directory ?? folder ?? shipped.catalog;
  const catalog = await openCatalog(directory, { ...rules, ...(catalogRemote === undefined ? {} : { watch: catalogRemote.onChange }) });
  closers.add(() => catalog.close());
  for (const fault of catalog.faults()) log.warn('catalog_fault', { ...fault });
  const services = options.sample ? await startSampleServices(workbench, { database: 'wallet', now, environment: config.environment }) : undefined;
  if (services !== undefined) closers.add(() => services.close());
  const sources = openSources(services?.over(catalog) ?? catalog, { workbench, ledger: openSourceLedger(state), ownViews: ownViews({ state, catalog, timeZone: config.timeZone }), timeZone: config.timeZone, environment: config.environment, scripts: config.scripts, failed: (error) => log.error('source_not_opened', error) });
  closers.add(() => sources.close());

  const timeZone = config.timeZone;
  const fieldContext = (): FieldContext => ({ zone: timeZone, today: todayIn(timeZone, now()) });
  const freshness = openFreshness({ sources, timeZone });
  const uploads = await openUploads({ state, workbench, dataDirectory: config.dataDirectory, most: config.uploadBytes, limits: config.limits, keepDays: config.resultDays });
  const forms = openForms({ sources, uploads, loadedUntil: async (task, values, request) => (await freshness.of(task, request.context, values)) ?? null });
  const slots = { perPerson: config.runsPerPerson, perSource: config.runsPerSource };
  const experiments = openExperiments({ state, catalog });
  const draws = openDraws({ state, workbench, catalog, timeZone });
  const runners: KindRunner[] = [experimentRunner({ catalog, sources, experiments, timeZone, now }), drawRunner(draws)];
  const kinds = new Map(runners.map((runner) => [runner.kind, runner]));
  const worker = await startWorker({ kept: openKeptSteps({ state, workbench, sourceVersion: (name) => sources.settingsOf(name) }), kinds, state, catalog, log, slots, workbench, sources, timeZone, atOnce: 8, keepDays: config.resultDays });
  closers.add(() => worker.close());
  let commit = await catalogCommit(directory);
  closers.add(
    catalog.onChange(() => {
      void catalogCommit(directory).then((newest) => (commit = newest));
    }),
  );
  const runs = openRuns({ uploads, catalogCommit: () => commit, state, catalog, sources, kinds, forms, worker, timeZone, slots, now });
  closers.add(keepTidy({ state, workbench, log }));
  let address = config.publicUrl ?? `http://localhost:${config.port}`;
  const alerts = openAlerts({
    state,
    key: keys.alert,
    log,
    channels: () => catalog.channels(),
    environment: config.environment,
    timeZone,
    address: () => address,
    reachable: config.publicUrl?.startsWith('https://') === true,
    ...(services === undefined ? {} : { standIns: services.channels }),
    now,
  });
  closers.add(() => alerts.close());
  if (catalogRemote !== undefined)
    closers.add(catalogRemote.onRefused((push) => void alerts.notify(refusalNews(push)).catch((error: unknown) => log.error('refused_push_not_told', error))));
  const examples = openNightlyExamples({
    runs,
    state,
    catalog,
    log,
    timeZone,
    now,
    hour: config.examplesHour,
    withFiles: (task, values, signal) => withFiles({ uploads, timeZone }, task, values, { folder: directory, signal }),
    tell: (news) => alerts.notify({ ...news, tone: 'trouble' }),
  });
  closers.add(() => examples.close());
  const day = 86_400;
  return {
    config,
    log,
    version: options.version,
    state,
    workbench,
    catalog,
    catalogDirectory: directory,
    catalogRemote,
    sources,
    alerts,
    examples,
    sampleChannel: services?.slack.origin,
    experiments,
    draws,
    forms,
    freshness,
    worker,
    runs,
    recalls: openRecalls({ state, timeZone }),
    uploads,
    links: createLinks({ state, key: keys.link, isKnown: (person) => isKnown(catalog.access(), person), defaultSeconds: config.linkDays * day, maximumSeconds: config.linkDaysMost * day, now }),
    sessions: createSessions({ state, key: keys.session, now }),
    signInCodes: createSignInCodes({ state, key: keys.code, now }),
    timeZone,
    options,
    address: () => address,
    setAddress: (reached) => {
      address = reached;
    },
    fieldContext,
    publish: (backend) => lock.publish(backend),
    lost: new Promise((resolve) => lock.lost.addEventListener('abort', () => resolve(), { once: true })),
    close: () => closers.close(log),
  };
}

/** The sample people that the demo lets in: the first of each role. */
function samplePeople(catalog: Catalog): Partial<Record<string, string>> {
  const entries = Object.entries(catalog.access().people).reverse();
  return Object.fromEntries(entries.map(([person, role]) => [role, person]));
}

/** The HTTP side of a product. `more` adds routes before the pane takes what is left. */
export function serverOf(product: Product, more: (app: Express) => void = () => undefined): Express {
  const { catalog, sessions, signInCodes } = product;
  const issue = (person: string) => {
    const access = accessOf(catalog.access(), person);
    const { token, expiresAt } = sessions.issueSession(access.person);
    return { token, expiresAt: expiresAt.toISOString(), person: { id: access.person, role: access.role, may: [...access.may] } };
  };
  return makeServer({
    ...product,
    today: () => product.fieldContext().today,
    demo: product.options.demo === true ? samplePeople(catalog) : undefined,
    signIn: { issue, withCode: async (code, address) => issue(await signInCodes.use(code, address)) },
    accessOf: (person) => accessOf(catalog.access(), person),
    personOf: async (token) => accessOf(catalog.access(), (await sessions.readSession(token)).person),
    trustedProxies: product.config.trustedProxies,
    pane: { directory: shipped.pane, officeJs: product.config.officeJs, frameOrigins: product.options.frameOrigins ?? [] },
    onQuestion: (question) => {
      const news = questionNews(question);
      if (news !== undefined) product.alerts.notify(news).catch((error: unknown) => product.log.error('question_not_told', error));
    },
    ready: async () => {
      await Promise.all([product.workbench.check(AbortSignal.timeout(5_000)), product.state.query('SELECT 1')]);
    },
    more: (app) => {
      const { catalogRemote, config } = product;
      if (catalogRemote !== undefined && config.catalogHookToken !== undefined) catalogHook(app, catalogRemote, config.catalogHookToken);
      more(app);
    },
  });
}

