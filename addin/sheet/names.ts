/** A table name in Excel's rules that no table or defined name of the workbook has. */
export function freeTableName(taskId: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const base = `Tasksheet_${taskId.replace(/[^A-Za-z0-9_]+/g, '_')}`.slice(0, 200);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

const titleCharacters = 255;

/** Column headers as a table needs them: filled, unlike each other in any case, not too long. */
export function headerTitles(titles: string[]): string[] {
  const used = new Set<string>();
  return titles.map((title, index) => {
    const base = title.replace(/\s+/g, ' ').trim().slice(0, titleCharacters - 8) || `${index + 1}`;
    let name = base;
    for (let number = 2; used.has(name.toLowerCase()); number++) name = `${base} (${number})`;
    used.add(name.toLowerCase());
    return name;
  });
}
