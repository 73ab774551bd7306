import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBackend } from './backend.ts';
import type { BenchContext } from './bench.ts';
import { mixSql } from './mix.ts';

/** Folders that a backend can be started on. */
export interface Company {
  data: string;
  catalog: string;
  /** A copy of the engine's data for a peer: the same tables in the same parts. Only while no backend runs on it. */
  copyOfEngine(name: string): Promise<string>;
}

const head = (ru: string, en: string, form: string): string => `/*
title: { ru: ${ru}, en: ${en} }
description: { ru: Для замеров скорости., en: For measuring speed. }
group: metrics
owner: anna@company.example
status: published
form:
${form}
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
*/
`;
const whole = (name: string, preset: number): string => `  ${name}: { kind: number, label: { ru: ${name}, en: ${name} }, default: ${preset}, min: 0, max: 10000000 }`;

/** Its placeholders are the form's fields; a bare query takes the same text with the engine's own. */
export const oneRowSql = (partner: string, least: string): string => `SELECT count() AS cards, uniqExact(user_id) AS people FROM cards WHERE partner_id = ${partner} AND user_id >= ${least}`;

const tasks = {
  'bench-one-row': `${head('Замер одной строки', 'Bench of one row', `${whole('partner', 12)}\n${whole('least', 0)}`)}-- step one on warehouse\n${oneRowSql('{{partner}}', '{{least}}')}\n`,
  'bench-table': `${head('Замер таблицы', 'Bench of a table', whole('rows', 1000))}-- step mix on warehouse\n${mixSql('{{rows}}')}\n`,
};

/** The sample company with the benches' tasks in its catalog. The first start makes its data. */
export async function prepareCompany(context: BenchContext): Promise<Company> {
  const data = join(context.directory, 'data');
  const catalog = join(context.directory, 'catalog');
  await cp(join(import.meta.dirname, '../../catalog'), catalog, { recursive: true });
  await mkdir(join(catalog, 'tasks'), { recursive: true });
  for (const [name, text] of Object.entries(tasks)) await writeFile(join(catalog, 'tasks', `${name}.sql`), text);
  context.say('making the sample company');
  await (await startBackend(context, { data, catalog })).stop();
  return {
    data,
    catalog,
    copyOfEngine: async (name) => {
      const copy = join(context.directory, name);
      await cp(join(data, 'workbench'), copy, { recursive: true });
      return copy;
    },
  };
}
