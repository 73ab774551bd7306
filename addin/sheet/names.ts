const sheetCharacters = 31;
/** Excel keeps these names for itself. */
const reserved = new Set(['history', 'журнал']);

/** A name that Excel accepts for a sheet and that no other has. */
export function freeSheetName(wanted: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const base = cleanSheetName(wanted) || 'Tasksheet';
  for (let number = reserved.has(base.toLowerCase()) ? 2 : 1; ; number++) {
    const name = number === 1 ? shortened(base, '') : shortened(base, ` (${number})`);
    if (!used.has(name.toLowerCase())) return name;
  }
}

function cleanSheetName(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '')
    .replace(/[:\\/?*[\]\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[' ]+|[' ]+$/g, '');
}

function shortened(base: string, ending: string): string {
  const kept = base.slice(0, sheetCharacters - ending.length).replace(/[\ud800-\udbff]$/, '');
  return kept.replace(/[' ]+$/, '') + ending;
}

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
