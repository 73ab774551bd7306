/** A column's name as ClickHouse reads it whatever it holds. */
export function quotedName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
