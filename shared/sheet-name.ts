const sheetCharacters = 31;
/** Excel keeps these names for itself. */
const reserved = new Set(['history', 'журнал']);

/**
 * A name that Excel accepts for a worksheet (at most 31 characters, none of `: \ / ? * [ ]`) and that no other has, in
 * any case.
 *
 * @example freeSheetName('Карты: Лента/2026', []) // 'Карты Лента 2026'
 */
export function freeSheetName(wanted: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const base = cleaned(wanted) || 'Tasksheet';
  for (let number = reserved.has(base.toLowerCase()) ? 2 : 1; ; number++) {
    const name = number === 1 ? shortened(base, '') : shortened(base, ` (${number})`);
    if (!used.has(name.toLowerCase())) return name;
  }
}

function cleaned(text: string): string {
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
