import type { LocalText } from '../../shared/language.ts';
import type { Fault } from '../catalog/task.ts';

export interface Commit {
  id: string;
  author: string;
  email: string;
  /** ISO time. */
  at: string;
  subject: string;
}

/** A newest commit that would have broken something, so that it is not in use. */
export interface RefusedPush {
  newest: Commit;
  /** Who is to mend what: faults by the commit that brought them. */
  reports: { commit: Commit; faults: Fault[] }[];
}

export interface RemoteState {
  /** Remote and branch, without a password. */
  address: string;
  inUse: Commit;
  /** The branch's newest commit, as far as it could be pulled. */
  newest: Commit;
  /** True after a rollback, until the next push or `resume`. */
  held: boolean;
  refused: RefusedPush | undefined;
  /** When the remote last answered. */
  pulledAt: Date | undefined;
  /** Why it does not answer now. */
  trouble: LocalText | undefined;
}

/** A catalog that follows a branch of a git remote. A commit with new faults is refused: the last good one stays. */
export interface CatalogRemote {
  /** Where the files of the commit in use stand. */
  directory: string;
  state(): RemoteState;
  /** Looks for a push now. Problem `source_unreachable` when the remote does not answer. */
  pull(): Promise<void>;
  /** Goes to the given commit, or the good one before that in use, and stays until the next push. */
  rollback(commit?: string): Promise<Commit>;
  /** Ends what `rollback` began: the newest commit is taken into use. */
  resume(): Promise<void>;
  /** Called when other files are in use. Returns how to stop being called. */
  onChange(listener: () => void): () => void;
  /** Called for each refused push, also for one of before this call. */
  onRefused(listener: (push: RefusedPush) => void): () => void;
  close(): Promise<void>;
}
