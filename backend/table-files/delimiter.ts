import Papa from 'papaparse';

/** Stands for text of a single column: nothing cuts it. */
export const noDelimiter = '\u001f';

const candidates = [';', '\t', ',', '|'];
const rowsTried = 200;

/** What Excel itself writes above the heading when it is asked to: `sep=;`. */
export function declaredDelimiter(sample: string): string | undefined {
  return /^sep=(.)\n/i.exec(sample)?.[1];
}

/** The character that cuts most rows of the sample into the same number of cells; of equally good ones, the one that makes more cells. */
export function detectDelimiter(sample: string): string {
  let best = { delimiter: noDelimiter, share: 0, cells: 1 };
  for (const delimiter of candidates) {
    const { data } = Papa.parse<string[]>(sample, { delimiter, newline: '\n', preview: rowsTried });
    // The sample may end in the middle of a row.
    const widths = (data.length > 1 ? data.slice(0, -1) : data).filter((row) => row.some((cell) => cell.trim() !== '')).map((row) => row.length);
    const cells = widths[0] ?? 1;
    const share = widths.filter((width) => width === cells).length / Math.max(1, widths.length);
    if (cells > 1 && (share > best.share + 0.05 || (share > best.share - 0.05 && cells > best.cells))) best = { delimiter, share, cells };
  }
  return best.delimiter;
}
