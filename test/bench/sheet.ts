import { benchSheet } from '../sheet/sheet.bench.ts';
import type { Bench } from './bench.ts';

export const sheet: Bench = {
  name: 'sheet',
  summary: 'A result written into the simulated Excel, against decoding the same bytes',
  run: async (context) => {
    const rows = context.full ? 100_000 : 20_000;
    context.say(`sheet, ${rows} rows`);
    const seen = await benchSheet(rows);
    return [
      {
        title: `Result into the sheet, ${rows.toLocaleString('en-US')} × ${seen.columns}`,
        ours: { command: 'writeBlock (addin/sheet) through Office.js into the simulated host, without the time inside both', milliseconds: [seen.ownMs] },
        peer: { command: 'gunzip + JSON.parse of the same rows in pages of 10,000', milliseconds: [seen.peerMs] },
        figures: [
          { name: 'data syncs', value: seen.dataSyncs, unit: 'count', bound: 'atMost', limit: seen.dataSyncsLimit },
          { name: 'other syncs', value: seen.otherSyncs, unit: 'count', bound: 'atMost', limit: seen.otherSyncsLimit },
          { name: 'own time of the time to decode', value: seen.ratio, unit: 'times', bound: 'atMost', limit: seen.ratioLimit },
        ],
        notes: [
          'Each time is the median of 3. The peer makes rows in memory, ours cells in a sheet, so there is no common checksum; test/sheet compares every cell.',
          `${(seen.bytes / 1e6).toFixed(1)} MB of rows as JSON went out in requests of ${(seen.sentBytes / 1e6).toFixed(1)} MB together, the largest ${(seen.largestRequest / 1e6).toFixed(2)} MB. Inside Office.js, which no add-in can avoid: ${Math.round(seen.libraryMs)} ms.`,
        ],
      },
    ];
  },
};
