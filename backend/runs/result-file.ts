import type { Readable } from 'node:stream';
import type { Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { LinkFormat, Run } from '../../shared/run.ts';
import type { Access } from '../access/access.ts';
import { exportFormats, safeFileName, type ExportedResult } from '../exports/index.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { StoredResult } from './executor.ts';
import type { Runs } from './runs.ts';
import { typedColumns } from './wire.ts';

export interface ResultFileParts {
  runs: Runs;
  workbench: Workbench;
  timeZone: string;
}

export interface ResultFileRequest {
  runId: string;
  format: LinkFormat;
  /** One result of several; absent means all of them in an XLSX, the first in a CSV. */
  result?: string;
  /** A clean file for somebody outside. */
  partner: boolean;
  language: Language;
  /** Whose rights decide: who asks, or who made the link. */
  access: Access;
}

export interface ResultFile {
  stream: Readable;
  name: string;
  mimeType: string;
}

function chosen(results: StoredResult[], name: string | undefined): StoredResult[] {
  if (name === undefined) return results;
  const found = results.find((result) => result.name === name);
  if (found === undefined) throw new Problem('not_found', { ru: `Результата «${name}» у этого запуска нет.`, en: `This run has no result “${name}”.` });
  return [found];
}

/** Two CSV files of one result lie in the same folder: the name tells which is for whom. */
const systemsMark: Record<Language, string> = { ru: ' (для систем)', en: ' (for systems)' };

/** `Карты Лента 2026-10.xlsx`; one result of several adds its title. */
export function resultFileName(run: Run, { format, result, language }: Pick<ResultFileRequest, 'format' | 'result' | 'language'>, results: StoredResult[]): string {
  const { extension, holds } = exportFormats[format];
  const one = results.length > 1 && (result !== undefined || holds === 'one') ? chosen(results, result)[0] : undefined;
  return safeFileName(`${run.fileName[language]}${one === undefined ? '' : ` - ${one.title[language]}`}${format === 'csv-systems' ? systemsMark[language] : ''}`, extension);
}

/** The file of a finished run, made from its stored rows; the query is not run again. */
export async function openResultFile(parts: ResultFileParts, request: ResultFileRequest, signal: AbortSignal): Promise<ResultFile> {
  const { run, results } = await parts.runs.results(request.access, request.runId);
  const format = exportFormats[request.format];
  const exported = chosen(results, request.result).map((result): ExportedResult => {
    const { columns, replace } = typedColumns(result.columns, parts.timeZone);
    return {
      title: result.title,
      columns,
      totalRows: result.table.rows,
      bytes: result.bytes,
      ...(run.chart !== undefined && (run.chart.result ?? results[0]?.name) === result.name ? { chart: run.chart } : {}),
      notices: result.notices,
      open: (options) => parts.workbench.stream(result.table, { ...options, replace }, signal),
    };
  });
  const stream = await format.write({
    results: exported,
    provenance: run.provenance,
    ...(request.partner ? { partner: { title: run.provenance.title[request.language] } } : {}),
    language: request.language,
    timeZone: parts.timeZone,
    signal,
  });
  return { stream, name: resultFileName(run, request, results), mimeType: format.mimeType };
}
