const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as Slack's markup shows it literally, cut to so many characters without halving a character or an entity. */
export function escaped(text: string, most = Infinity): string {
  return cut([...text].map((character) => entities[character] ?? character), most);
}

/** The same for fields without markup. */
export function plain(text: string, most: number): string {
  return cut([...text], most);
}

/** A name that shows as it is: nothing but a backtick ends a code span. */
export function codeSpan(name: string, most: number): string {
  const shown = name.replaceAll('`', "'").replace(/\s+/g, ' ').trim();
  return shown === '' ? '' : `\`${escaped(shown, most - 2)}\``;
}

function cut(pieces: string[], most: number): string {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (length <= most) return pieces.join('');
  let shown = '';
  for (const piece of pieces) {
    if (shown.length + piece.length > most - 1) break;
    shown += piece;
  }
  return `${shown}…`;
}

/** `@here`, `@channel`, a person or a group by id; anything else calls nobody. */
export function mentionMarkup(mention: string): string | undefined {
  const name = mention.trim().replace(/^@/, '');
  if (name === 'here' || name === 'channel') return `<!${name}>`;
  if (/^[UW][A-Z0-9]{5,}$/.test(name)) return `<@${name}>`;
  return /^S[A-Z0-9]{5,}$/.test(name) ? `<!subteam^${name}>` : undefined;
}
