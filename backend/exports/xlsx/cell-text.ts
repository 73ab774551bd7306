/** Excel keeps no more characters (UTF-16 units) in a cell. */
export const cellCharacters = 32_767;

const cutMark = '…';

export interface CellText {
  /** Ready for XML. */
  xml: string;
  cut: boolean;
}

/** A text as it stands inside an element of a worksheet. Longer than a cell holds: cut, with a mark at its end. */
export function cellText(text: string): CellText {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  if (whole.length <= cellCharacters) return { xml: escapeXml(whole), cut: false };
  const kept = whole.slice(0, cellCharacters - cutMark.length).replace(/[\ud800-\udbff]$/, '');
  return { xml: escapeXml(kept + cutMark), cut: true };
}

/**
 * XML text, or an attribute in double quotes, of type ST_Xstring: what XML cannot hold (and a carriage return, which XML
 * turns into a line feed) is written `_xHHHH_`; text that already looks like that gets its underscore escaped.
 */
export function escapeXml(text: string): string {
  return text.replace(special, (found) => replacements[found] ?? hexadecimal(found));
}

const special = /[&<>"]|_(?=x[0-9A-Fa-f]{4}_)|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;
const replacements: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function hexadecimal(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}
