/** Edits that turn one word into another; swapping two neighbours counts as one. */
function distance(one: string, other: string): number {
  const rows: number[][] = [];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 0; i <= one.length; i += 1) {
    rows.push([]);
    for (let j = 0; j <= other.length; j += 1) {
      const same = one.charAt(i - 1) === other.charAt(j - 1) ? 0 : 1;
      let edits = i === 0 || j === 0 ? i + j : Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      const swapped = i > 1 && j > 1 && one.charAt(i - 1) === other.charAt(j - 2) && one.charAt(i - 2) === other.charAt(j - 1);
      if (swapped) edits = Math.min(edits, cell(i - 2, j - 2) + 1);
      rows[i]?.push(edits);
    }
  }
  return cell(one.length, other.length);
}

/** The known name that a misspelt one most likely meant. */
function closest(name: string, known: string[]): string | undefined {
  const written = name.slice(0, 60).toLowerCase();
  const ranked = known.map((candidate) => ({ candidate, edits: distance(written, candidate.slice(0, 60).toLowerCase()) }));
  const best = ranked.sort((one, other) => one.edits - other.edits)[0];
  const allowed = best === undefined ? 0 : Math.min(Math.max(1, Math.floor(best.candidate.length / 3)), best.candidate.length - 1);
  return best !== undefined && best.edits <= allowed ? best.candidate : undefined;
}

/** Advice for a name that is not among the known ones. */
export function suggest(name: string, known: string[]): string {
  const meant = closest(name, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (known.length === 0) return 'there are none yet';
  const shown = known.slice(0, 20).join(', ');
  return `known: ${shown}${known.length > 20 ? ', …' : ''}`;
}
