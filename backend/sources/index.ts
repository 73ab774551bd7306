import { amplitudeSource } from './amplitude.ts';
import { clickhouseSource } from './clickhouse.ts';
import { mssqlSource } from './mssql.ts';
import { scriptSource } from './script.ts';
import type { SourceKind } from './source.ts';
import { tasksheetSource } from './tasksheet.ts';
import { workbenchSource } from './workbench.ts';

/** A kind with its settings' type forgotten: settings reach `open` only after the same kind's `settings.parse`. */
function listed<Settings>(kind: SourceKind<Settings>): SourceKind<unknown> {
  return kind as SourceKind<unknown>;
}

/** Every kind of source. A new one is a file beside this, and a line here. */
export const sourceKinds: SourceKind<unknown>[] = [listed(workbenchSource), listed(clickhouseSource), listed(mssqlSource), listed(amplitudeSource)];

/** Kinds that `sources.yaml` cannot name: programs to run are the operator's business, our own data is one source. */
export const operatorKinds: SourceKind<unknown>[] = [listed(scriptSource), listed(tasksheetSource)];
