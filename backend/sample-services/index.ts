import type { NamedSettings, SourceSettingsList } from '../sources/open-sources.ts';
import { environmentNames } from '../sources/secret.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { startSampleAmplitude } from './cohorts.ts';
import { companyRows } from './company-rows.ts';
import { startSampleCrm } from './crm.ts';
import { startSlackStandIn, type SlackStandIn } from '../stand-ins/slack/stand-in.ts';

/** The sample company's other systems on this machine: they speak the real protocols and show the same invented people. */
export interface SampleServices {
  /** The catalog's sources, with those of the sample's other systems led to this machine. */
  over(list: SourceSettingsList): SourceSettingsList;
  /** In place of the catalog's channels whose secrets are not there. */
  channels: ReadonlyMap<string, { origin: string; settings: Record<string, unknown> }>;
  /** The channel in which the sample company's people read. */
  slack: SlackStandIn;
  close(): Promise<void>;
}

export interface SampleServicesOptions {
  database: string;
  now: () => Date;
  environment: Record<string, string | undefined>;
}

/** Whoever has put real secrets into the environment wants the real system. */
function hasSecrets({ settings }: NamedSettings, environment: Record<string, string | undefined>): boolean {
  return environmentNames(settings).every((name) => (environment[name] ?? '') !== '');
}

export async function startSampleServices(workbench: Workbench, { database, now, environment }: SampleServicesOptions): Promise<SampleServices> {
  const rows = companyRows(workbench, database);
  const crm = await startSampleCrm(rows);
  const amplitude = await startSampleAmplitude(rows, now);
  const slack = await startSlackStandIn();
  const stood: NamedSettings[] = [
    { name: 'crm', kind: 'mssql', settings: crm.settings },
    { name: 'amplitude', kind: 'amplitude', settings: amplitude.settings },
  ];
  const led = (source: NamedSettings): NamedSettings => {
    const own = stood.find(({ name, kind }) => name === source.name && kind === source.kind);
    return own === undefined || hasSecrets(source, environment) ? source : own;
  };
  return {
    over: (list) => ({ sources: () => list.sources().map(led), onChange: (listener) => list.onChange(listener) }),
    channels: new Map([['analytics', { origin: slack.origin, settings: { webhook: slack.webhook } }]]),
    slack,
    close: async () => {
      await slack.close();
      await crm.server.close();
      await amplitude.server.close();
    },
  };
}
