import { Readable } from 'node:stream';
import type { Cell, ResultColumn } from '../../shared/result.ts';
import type { Provenance } from '../../shared/run.ts';
import type { ExportedResult, ExportRequest } from '../../backend/exports/index.ts';

export const column = (name: string, type: ResultColumn['type'], engineType: string, title = name): ResultColumn => ({
  name,
  title: { ru: title, en: `${title} (en)` },
  type,
  engineType,
});

export const provenance: Provenance = {
  taskId: 'partner-cards',
  title: { ru: 'Карты партнёра', en: 'Cards of a partner' },
  number: '№ 48-213',
  version: '3f1c9a',
  person: 'Мария Иванова',
  startedAt: '2026-11-21T20:59:07.000Z',
  dataAsOf: '2026-11-21T23:00:00+03:00',
  values: [{ label: { ru: 'Партнёр', en: 'Partner' }, text: { ru: 'Лента', en: 'Lenta' } }],
};

/** Lines as the engine writes them. */
export const jsonLines = (rows: (Cell | unknown[])[][]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

export const resultOf = (columns: ResultColumn[], rows: Cell[][], more: Partial<ExportedResult> = {}): ExportedResult => ({
  title: { ru: 'Список', en: 'List' },
  columns,
  open: async () => Readable.from([Buffer.from(jsonLines(rows))]),
  totalRows: rows.length,
  ...more,
});

export const requestOf = (results: ExportedResult[], more: Partial<ExportRequest> = {}): ExportRequest => ({
  results,
  provenance,
  language: 'ru',
  timeZone: 'Europe/Moscow',
  signal: new AbortController().signal,
  ...more,
});
