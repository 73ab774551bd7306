import type { Express } from 'express';
import type { SessionAnswer } from '../../shared/api.ts';
import type { Question } from '../../shared/question.ts';
import type { Access } from '../access/access.ts';
import type { Links } from '../access/links.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Alerts } from '../alerts/index.ts';
import type { Catalog } from '../catalog/task.ts';
import type { Draws } from '../draws/index.ts';
import type { NightlyExamples } from '../examples/nightly-examples.ts';
import type { Experiments } from '../experiments/index.ts';
import type { Forms } from '../forms/index.ts';
import type { Log } from '../log.ts';
import type { Freshness } from '../runs/freshness-cache.ts';
import type { ResultFileParts } from '../runs/result-file.ts';
import type { Recalls } from '../runs/recalls.ts';
import type { Runs } from '../runs/runs.ts';
import type { OpenSources } from '../sources/open-sources.ts';
import type { State } from '../state/state.ts';
import type { Uploads } from '../uploads/index.ts';
import type { PaneOptions } from './pane.ts';

/** What the HTTP side works with. */
export interface ServerParts extends ResultFileParts {
  state: State;
  catalog: Catalog;
  sources: OpenSources;
  alerts: Alerts;
  examples: Pick<NightlyExamples, 'last'>;
  experiments: Experiments;
  draws: Draws;
  forms: Forms;
  freshness: Freshness;
  runs: Runs;
  recalls: Recalls;
  uploads: Uploads;
  links: Links;
  log: Log;
  version: string;
  /** Where people reach this server: links begin with it. */
  address: () => string;
  /** The current local day. */
  today: () => string;
  /** The demo's sample people by role; absent outside the demo. */
  demo: Partial<Record<string, string>> | undefined;
  signIn: {
    issue(person: string): SessionAnswer | Promise<SessionAnswer>;
    withCode(code: string, address: string): Promise<SessionAnswer>;
  };
  sessions: Pick<Sessions, 'endSessions'>;
  /** The person of a session token; throws `not_signed_in`. */
  personOf(token: string): Promise<Access>;
  /** What a person may do at this moment; throws when they have no access any more. */
  accessOf(person: string): Access;
  /** How many proxies stand in front of this server. */
  trustedProxies: number;
  pane: PaneOptions;
  /** Told of each question that is asked, taken or closed, once that is kept: for who tells people elsewhere. */
  onQuestion?: (question: Question) => void;
  /** Engines and catalog are ready. */
  ready(): Promise<void>;
  /** Further routes. */
  more?: (app: Express) => void;
}
