/** Every cycle of a graph, each once, beginning with its first node in the order given. */
export function cyclesOf(needs: ReadonlyMap<string, string[]>): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const follow = (name: string, path: string[]): void => {
    const start = path.indexOf(name);
    if (start !== -1) cycles.push(path.slice(start));
    if (start !== -1 || finished.has(name)) return;
    for (const next of needs.get(name) ?? []) follow(next, [...path, name]);
    finished.add(name);
  };
  for (const name of needs.keys()) follow(name, []);
  return cycles;
}
