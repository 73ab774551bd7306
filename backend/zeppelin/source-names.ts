import type { SourceSettings } from '../catalog/task.ts';
import type { Interpreter } from './interpreters.ts';

/** What the SQL of a source is. */
export type Dialect = 'clickhouse' | 'mssql';

export interface ChosenSource {
  name: string;
  dialect: Dialect;
  /** True when neither the caller nor a name of the catalog settled it. */
  guessed: boolean;
}

export interface SourceChoice {
  /** Source by interpreter, as the caller said: `jdbc`, `jdbc(crm)`, `crm`. */
  chosen: ReadonlyMap<string, string>;
  /** Sources of the catalog that is written to; empty when it has none yet. */
  known: Pick<SourceSettings, 'name' | 'kind'>[];
}

const sqlServer = /mssql|sqlserver|tsql/;

/** The source that an interpreter's paragraphs now read. */
export function chooseSource(interpreter: Interpreter, { chosen, known }: SourceChoice): ChosenSource {
  const { key, base, connection } = interpreter;
  const said = [key, connection ?? '', base].map((name) => chosen.get(name)).find((name) => name !== undefined);
  if (said !== undefined) return settled(said, interpreter, known, false);
  const same = known.find(({ name }) => name === connection) ?? known.find(({ name }) => name === base);
  if (same !== undefined) return settled(same.name, interpreter, known, false);
  const wanted = sqlServer.test(key) ? ['mssql'] : ['clickhouse', 'workbench'];
  const fitting = known.find(({ kind }) => wanted.includes(kind)) ?? known[0];
  const fallback = /^[A-Za-z_]\w*$/.test(connection ?? '') ? (connection ?? '') : sqlServer.test(base) ? 'crm' : 'warehouse';
  return settled(fitting?.name ?? fallback, interpreter, known, true);
}

function settled(name: string, { key }: Interpreter, known: SourceChoice['known'], guessed: boolean): ChosenSource {
  const kind = known.find((source) => source.name === name)?.kind ?? key;
  return { name, dialect: sqlServer.test(kind) ? 'mssql' : 'clickhouse', guessed };
}
