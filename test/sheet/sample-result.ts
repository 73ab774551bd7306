import type { Cell, Chart, ColumnType, ResultColumn, ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import type { ResultToWrite } from '../../addin/sheet/index.ts';

/** `номер:code` or, with an engine type, `сумма:money:Decimal(18, 2)`. */
export function columns(...described: string[]): ResultColumn[] {
  return described.map((text, index) => {
    const [title = '', type = 'text', engineType = 'String'] = text.split(':');
    return { name: `column_${index + 1}`, title: { ru: title, en: `${title} en` }, type: type as ColumnType, engineType };
  });
}

export function summaryOf(name: string, resultColumns: ResultColumn[], rows: Cell[][]): ResultSummary {
  return { name, title: { ru: 'Список', en: 'List' }, rows: rows.length, bytes: Buffer.byteLength(JSON.stringify(rows)), columns: resultColumns, notices: [], available: true };
}

export interface SampleOptions {
  fileName?: string;
  chart?: Chart;
  number?: string;
  results?: ResultSummary[];
}

export function runOf(results: ResultSummary[], { fileName = 'Карты Лента 2026-10', chart, number = '48-213' }: SampleOptions = {}): Run {
  return {
    id: `run-${number}`,
    provenance: {
      taskId: 'partner-cards',
      title: { ru: 'Карты партнёра', en: 'Cards of a partner' },
      number,
      version: 'a1b2c3',
      person: 'maria@company.example',
      startedAt: '2026-11-22T09:00:00Z',
      dataAsOf: '2026-11-21T20:59:00Z',
      values: [{ label: { ru: 'Партнёр', en: 'Partner' }, text: { ru: 'Лента <&> "1"', en: 'Lenta' } }],
    },
    values: { partner: 12, issued: 'lastMonth' },
    resolvedValues: { partner: 12, issued: { from: '2026-10-01', until: '2026-11-01' } },
    ...(chart ? { chart } : {}),
    fileName: { ru: fileName, en: fileName },
    createdAt: '2026-11-22T09:00:00Z',
    status: { state: 'succeeded', results, finishedAt: '2026-11-22T09:00:01Z', elapsedMs: 1000 },
  };
}

/** A finished result whose rows are read in pages, as from the server. */
export function resultOf(resultColumns: ResultColumn[], rows: Cell[][], options: SampleOptions = {}): ResultToWrite {
  const result = summaryOf('list', resultColumns, rows);
  return { run: runOf(options.results ?? [result], options), result, readRows: (offset, limit) => Promise.resolve(rows.slice(offset, offset + limit)) };
}
