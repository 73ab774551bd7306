import { createContext, useContext } from 'react';
import type { CompanyAnswer, SessionAnswer } from '../../shared/api.ts';
import type { FormValues } from '../../shared/form.ts';
import type { Backend } from '../backend.ts';
import type { Host } from './host.ts';
import type { RefreshScope } from './refresh-blocks.ts';

/** Where in the pane the person is. A stack of these takes the place of an address bar, which Office.js breaks. */
export type Screen =
  | { name: 'tasks' }
  | { name: 'form'; taskId: string; values?: FormValues }
  /** `before`: an earlier run to compare it with. */
  | { name: 'run'; runId: string; toSheet: boolean; before?: string }
  | { name: 'history' }
  /** `request` tells one press of the ribbon from the next. */
  | { name: 'blocks'; refresh?: RefreshScope; request?: number }
  | { name: 'questions' }
  | { name: 'experiments' }
  | { name: 'planner' }
  /** For analysts and operators. */
  | { name: 'alerts' }
  /** For operators. */
  | { name: 'sources' };

export interface Navigation {
  open(screen: Screen): void;
  /** In place of the current screen: back skips it. */
  replace(screen: Screen): void;
  back(): void;
}

/** What every screen of a signed-in person works with. */
export interface Pane {
  backend: Backend;
  host: Host;
  company: CompanyAnswer;
  person: SessionAnswer['person'];
  navigation: Navigation;
  /** What was typed into forms, by task; outlives screens and sessions. */
  drafts: Map<string, FormValues>;
  /** What was typed into the search, likewise. */
  search: { current: string };
  /** Which of a run's several results is looked at, in the pane and beside it. */
  shownResult: { runId: string; name: string } | undefined;
  showResult(shown: { runId: string; name: string }): void;
  signOut(): void;
  signOutEverywhere(): Promise<void>;
  switchLanguage(): void;
}

const PaneContext = createContext<Pane | undefined>(undefined);
export const PaneProvider = PaneContext.Provider;

export function usePane(): Pane {
  const pane = useContext(PaneContext);
  if (pane === undefined) throw new Error('usePane outside of PaneProvider');
  return pane;
}
