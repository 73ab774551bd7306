import { benchXlsx } from '../exports/xlsx.bench.ts';
import type { Bench, Comparison } from './bench.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export const xlsx: Bench = {
  name: 'xlsx',
  summary: "XLSX from the same rows, against exceljs' streaming writer",
  run: async (context) => {
    const sizes = context.full ? [{ rows: 200_000, limit: 3.5 }, { rows: 1_000_000, limit: 5 }] : [{ rows: 50_000, limit: 3.5 }];
    const comparisons: Comparison[] = [];
    for (const { rows, limit } of sizes) {
      context.say(`xlsx, ${rows} rows`);
      const { ours, exceljs, ratio, checksums } = await benchXlsx(rows);
      comparisons.push({
        title: `XLSX, ${rows.toLocaleString('en-US')} × 10, zlib level 1`,
        ours: { command: 'writeXlsx (backend/exports/xlsx.ts), rows as lines of JSON → file, own process', milliseconds: [ours.milliseconds], checksum: checksums.ours ?? undefined },
        peer: { command: 'exceljs stream.xlsx.WorkbookWriter, the same lines → file, own process', milliseconds: [exceljs.milliseconds], checksum: checksums.exceljs ?? undefined },
        expected: checksums.rows,
        figures: [
          { name: 'speed of exceljs', value: ratio, unit: 'times', bound: 'atLeast', limit },
          { name: 'memory growth', value: ours.memoryGrowth / 1e6, unit: 'MB', bound: 'atMost', limit: 250 },
        ],
        notes: [
          'Each time is the median of 3 in turns.',
          checksums.ours === null
            ? 'The files were not read back: LibreOffice is not installed here.'
            : `Checksums are over all cells as LibreOffice reads the files; ${checksums.rows === checksums.ours ? 'ours equals' : 'OURS DIFFERS FROM'} the rows that went in.`,
          `Files: ours ${megabytes(ours.fileBytes)}, exceljs ${megabytes(exceljs.fileBytes)}. Memory growth of exceljs ${megabytes(exceljs.memoryGrowth)}. Longest pause of the main thread: ours ${Math.round(ours.longestPause)} ms, exceljs ${Math.round(exceljs.longestPause)} ms.`,
        ],
      });
    }
    return comparisons;
  },
};
