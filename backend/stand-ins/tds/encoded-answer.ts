import { packets } from './messages.ts';
import { columnsToken, endTokens, rowWriter } from './tokens.ts';
import type { WireColumn, WireValue } from './types.ts';

/** An answer to a procedure call as ready packets: for measuring a client without the server's own work. */
export function encodedAnswer(columns: WireColumn[], rows: Iterable<WireValue[]>, packetBytes: number): Buffer {
  const rowOf = rowWriter(columns);
  const parts = [columnsToken(columns)];
  let count = 0;
  for (const row of rows) {
    parts.push(rowOf(row));
    count += 1;
  }
  parts.push(endTokens('procedure', count));
  return packets(Buffer.concat(parts), packetBytes, true);
}
