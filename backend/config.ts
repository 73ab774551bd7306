import { IANAZone } from 'luxon';
import { z } from 'zod';
import { suggest } from '../shared/suggestion.ts';
import { languageOf, type Language } from '../shared/language.ts';
import { catalogAddress, type CatalogAddress } from './catalog-remote/address.ts';

/** A setting's own words for what it takes, with an example: what an operator needs instead of a library's words. */
const whole = (low: number, high: number, preset: number) => {
  const expected = `a whole number from ${low} to ${high}, such as ${preset}`;
  return z.coerce.number({ error: expected }).int(expected).min(low, expected).max(high, expected).default(preset);
};
const address = (schemes: string, example: string) => z.url({ protocol: new RegExp(`^(${schemes})$`), error: `an address such as ${example}` });
const filled = z.string();

/** `python=/usr/bin/python3,r=/usr/bin/Rscript`. Relative paths would depend on where the backend was started. */
function interpreters(text: string): Record<string, string> | undefined {
  const found = text.split(',').map((pair) => pair.trim()).filter((pair) => pair !== '').map((pair) => /^([A-Za-z_]\w{0,30})=(\/.+)$/.exec(pair));
  return found.includes(null) ? undefined : Object.fromEntries(found.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

const settings = z.object({
  TASKSHEET_PORT: whole(0, 65_535, 3000),
  TASKSHEET_HOST: filled.default('127.0.0.1'),
  TASKSHEET_DATA: filled.default('.tasksheet'),
  TASKSHEET_CATALOG: filled.optional(),
  TASKSHEET_CATALOG_GIT: z.string().transform((text, context) => catalogAddress(text) ?? (context.addIssue('a remote and branch such as https://git.company.example/catalog.git#main (https, ssh or file)'), z.NEVER)).optional(),
  TASKSHEET_CATALOG_HOOK_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  TASKSHEET_STATE_URL: address('postgres|postgresql', 'postgres://tasksheet:password@db.company.example/tasksheet').optional(),
  TASKSHEET_WORKBENCH_URL: address('https?', 'https://tasksheet:password@clickhouse.company.example:8443').optional(),
  TASKSHEET_PUBLIC_URL: address('https?', 'https://tasksheet.company.example').optional(),
  TASKSHEET_TLS_CERTIFICATE: filled.optional(),
  TASKSHEET_TLS_KEY: filled.optional(),
  TASKSHEET_TIME_ZONE: z.string().refine((zone) => IANAZone.isValidZone(zone), 'an IANA time zone such as Europe/Moscow').default('Europe/Moscow'),
  TASKSHEET_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  TASKSHEET_TRUSTED_PROXIES: whole(0, 10, 0),
  TASKSHEET_OFFICE_JS: z.enum(['npm', 'cdn'], { error: 'npm or cdn' }).default('npm'),
  TASKSHEET_RUN_SECONDS: whole(1, 86_400, 300),
  TASKSHEET_RUN_ROWS: whole(1, 1_000_000_000, 5_000_000),
  TASKSHEET_RUN_MEMORY_MB: whole(64, 1_000_000, 2_000),
  TASKSHEET_RUNS_PER_PERSON: whole(1, 100, 3),
  TASKSHEET_RUNS_PER_SOURCE: whole(1, 100, 4),
  TASKSHEET_UPLOAD_MB: whole(1, 10_000, 200),
  TASKSHEET_EXAMPLES_HOUR: whole(0, 23, 5),
  TASKSHEET_SCRIPTS: z.string().refine((text) => interpreters(text) !== undefined, 'names and full paths of interpreters, such as python=/usr/bin/python3,r=/usr/bin/Rscript').optional(),
  TASKSHEET_RESULT_DAYS: whole(1, 3_650, 30),
  TASKSHEET_LINK_DAYS: whole(1, 365, 7),
  TASKSHEET_LINK_DAYS_MOST: whole(1, 365, 30),
});

/** Everything that the surroundings decide. Values are never logged. */
export interface Config {
  port: number;
  host: string;
  dataDirectory: string;
  /** The catalog's folder; the shipped sample when absent. */
  catalogDirectory: string | undefined;
  /** The git remote that the catalog is pulled from; instead of a folder. */
  catalogGit: CatalogAddress | undefined;
  /** What the git server proves itself with when it tells of a push. */
  catalogHookToken: string | undefined;
  stateUrl: string | undefined;
  workbenchUrl: string | undefined;
  /** The address that people's links begin with; the listening address when absent. */
  publicUrl: string | undefined;
  /** Files of a certificate and its key; plain HTTP when absent. */
  tls: { certificate: string; key: string } | undefined;
  /** How many proxies stand in front: people's addresses are read from what the last of them says. */
  trustedProxies: number;
  timeZone: string;
  secret: string | undefined;
  officeJs: 'npm' | 'cdn';
  /** Limits of tasks that set none of their own. */
  limits: { timeSeconds: number; rows: number; memoryBytes: number };
  runsPerPerson: number;
  runsPerSource: number;
  /** Largest file that a person may give to a form. */
  uploadBytes: number;
  /** Local hour at which tasks' examples are run every night. */
  examplesHour: number;
  /** Programs that may run analysts' script steps, by the name that steps call them; empty switches scripts off. */
  scripts: Record<string, string>;
  resultDays: number;
  linkDays: number;
  linkDaysMost: number;
  /** Language of the terminal. */
  language: Language;
  /** What is not ours: the catalog's sources name their secrets from it as `${NAME}`. */
  environment: Record<string, string | undefined>;
}

/** Thrown with every fault at once, so that an operator mends the settings in one go. */
export class ConfigFaults extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(['Settings that must be mended before Tasksheet starts:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.name = 'ConfigFaults';
    this.faults = faults;
  }
}

/** The only reader of the environment. `TASKSHEET_TEST_…` names belong to the tests. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const ours = Object.entries(environment).filter(([name]) => name.startsWith('TASKSHEET_') && !name.startsWith('TASKSHEET_TEST_'));
  const unknown = ours.filter(([name]) => !(name in settings.shape)).map(([name]) => `${name}: there is no such setting; ${suggest(name, Object.keys(settings.shape))}`);
  const parsed = settings.safeParse(Object.fromEntries(ours.filter(([, value]) => value !== '')));
  const filledIn = (name: string) => (environment[name] ?? '') !== '';
  const half = ('TASKSHEET_TLS_CERTIFICATE' in environment) !== ('TASKSHEET_TLS_KEY' in environment) ? ['TASKSHEET_TLS_CERTIFICATE and TASKSHEET_TLS_KEY: both are needed, or neither'] : [];
  const twice = filledIn('TASKSHEET_CATALOG') && filledIn('TASKSHEET_CATALOG_GIT') ? ['TASKSHEET_CATALOG and TASKSHEET_CATALOG_GIT: only one of them, a folder or a git remote'] : [];
  const idle = filledIn('TASKSHEET_CATALOG_HOOK_TOKEN') && !filledIn('TASKSHEET_CATALOG_GIT') ? ['TASKSHEET_CATALOG_HOOK_TOKEN: needs TASKSHEET_CATALOG_GIT'] : [];
  const secrets = ['TASKSHEET_CATALOG_GIT', 'TASKSHEET_CATALOG_HOOK_TOKEN', 'TASKSHEET_SECRET', 'TASKSHEET_STATE_URL', 'TASKSHEET_WORKBENCH_URL'];
  const came = (name: string) => (secrets.includes(name) ? '' : `, but is "${environment[name] ?? ''}"`);
  const wrong = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} takes ${message}${came(path.join('.'))}`);
  if (!parsed.success || [...unknown, ...half, ...twice, ...idle].length > 0) throw new ConfigFaults([...unknown, ...half, ...twice, ...idle, ...wrong]);
  const read = parsed.data;
  return {
    port: read.TASKSHEET_PORT,
    host: read.TASKSHEET_HOST,
    dataDirectory: read.TASKSHEET_DATA,
    catalogDirectory: read.TASKSHEET_CATALOG,
    catalogGit: read.TASKSHEET_CATALOG_GIT,
    catalogHookToken: read.TASKSHEET_CATALOG_HOOK_TOKEN,
    stateUrl: read.TASKSHEET_STATE_URL,
    workbenchUrl: read.TASKSHEET_WORKBENCH_URL,
    publicUrl: read.TASKSHEET_PUBLIC_URL?.replace(/\/$/, ''),
    tls: read.TASKSHEET_TLS_CERTIFICATE === undefined || read.TASKSHEET_TLS_KEY === undefined ? undefined : { certificate: read.TASKSHEET_TLS_CERTIFICATE, key: read.TASKSHEET_TLS_KEY },
    trustedProxies: read.TASKSHEET_TRUSTED_PROXIES,
    timeZone: read.TASKSHEET_TIME_ZONE,
    secret: read.TASKSHEET_SECRET,
    officeJs: read.TASKSHEET_OFFICE_JS,
    limits: { timeSeconds: read.TASKSHEET_RUN_SECONDS, rows: read.TASKSHEET_RUN_ROWS, memoryBytes: read.TASKSHEET_RUN_MEMORY_MB * 1_000_000 },
    runsPerPerson: read.TASKSHEET_RUNS_PER_PERSON,
    runsPerSource: read.TASKSHEET_RUNS_PER_SOURCE,
    uploadBytes: read.TASKSHEET_UPLOAD_MB * 1_000_000,
    examplesHour: read.TASKSHEET_EXAMPLES_HOUR,
    scripts: interpreters(read.TASKSHEET_SCRIPTS ?? '') ?? {},
    resultDays: read.TASKSHEET_RESULT_DAYS,
    linkDays: Math.min(read.TASKSHEET_LINK_DAYS, read.TASKSHEET_LINK_DAYS_MOST),
    linkDaysMost: read.TASKSHEET_LINK_DAYS_MOST,
    environment: Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TASKSHEET_'))),
    language: languageOf(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG']),
  };
}
