import { access } from './access.ts';
import { alert } from './alert.ts';
import type { Command } from './command.ts';
import { detect } from './detect.ts';
import { draw } from './draw.ts';
import { explain } from './explain.ts';
import { importZeppelin } from './import-zeppelin.ts';
import { lint } from './lint.ts';
import { newTask } from './new.ts';
import { recall } from './recall.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { sources } from './sources.ts';
import { status } from './status.ts';
import { test } from './test.ts';

/** Commands besides `serve` and `demo`, which are the product itself. A new one is one file, one line here, one test. */
export const commands: readonly Command[] = [newTask, run, explain, lint, test, detect, draw, importZeppelin, access, alert, sources, status, rollback, recall, restore];
