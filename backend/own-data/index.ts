import type { OwnView } from '../sources/own-view.ts';
import { downloads } from './downloads.ts';
import { drawWinners } from './draw-winners.ts';
import { draws } from './draws.ts';
import type { OwnDataParts, OwnViewMaker } from './own-data.ts';
import { people } from './people.ts';
import { requests } from './requests.ts';
import { runs } from './runs.ts';
import { tasks } from './tasks.ts';

const makers: OwnViewMaker[] = [runs, downloads, people, tasks, requests, draws, drawWinners];

/** Everything that tasks can read about our own work. */
export function ownViews(parts: OwnDataParts): OwnView[] {
  return makers.map((make) => make(parts));
}
