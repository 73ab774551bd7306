const mostCharacters = 31;
/** Excel keeps these names for itself, in its own language. */
const reserved = new Set(['history', 'журнал']);

/** Gives out names that Excel accepts for worksheets: short, without `: \ / ? * [ ]`, unlike each other in any case. */
export class SheetNames {
  readonly #taken = new Set<string>();

  /** @example take('Карты: Лента/2026') // 'Карты Лента 2026' */
  take(wanted: string): string {
    const base = cleaned(wanted) || 'Sheet';
    for (let number = reserved.has(base.toLowerCase()) ? 2 : 1; ; number++) {
      const name = number === 1 ? shortened(base, '') : shortened(base, ` (${number})`);
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      return name;
    }
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
  const kept = base.slice(0, mostCharacters - ending.length).replace(/[\ud800-\udbff]$/, '');
  return kept.replace(/[' ]+$/, '') + ending;
}
