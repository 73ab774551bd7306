/** Zeppelin is written in Java, whose `trim` removes every character up to the space, and no others. */
export function trimmed(text: string): string {
  return text.replace(/^[\u0000-\u0020]+/, '').replace(/[\u0000-\u0020]+$/, '');
}

/** What `.*` of a Java pattern takes: up to the end of the line. */
export function toLineEnd(text: string): string {
  return /^[^\n\r\u0085\u2028\u2029]*/.exec(text)?.[0] ?? '';
}
