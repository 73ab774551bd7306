/** Most file systems hold 255 bytes; some room is left for ` (1)` of a browser. */
const mostBytes = 200;
/** Windows keeps these names for devices, whatever the ending. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Not allowed in names on Windows; control, format (turning text around) and private characters help nobody. */
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\ufffe\uffff]+/gu;

/**
 * A name under which any system can save the file.
 *
 * @example safeFileName('Карты: Лента 2026-10', '.xlsx') // 'Карты Лента 2026-10.xlsx'
 */
export function safeFileName(name: string, extension: string): string {
  const cleaned = trimmed(name.normalize('NFC').replace(forbidden, ' ').replace(/\s+/g, ' '));
  const safe = devices.test(cleaned) ? `_${cleaned}` : cleaned;
  return (trimmed(firstBytes(safe, mostBytes - extension.length)) || 'tasksheet') + extension;
}

/** Windows drops points and spaces at the end; a point in front hides the file elsewhere. */
function trimmed(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '');
}

function firstBytes(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character, 'utf8');
    if (bytes > most) return kept;
    kept += character;
  }
  return kept;
}

/**
 * The header that makes a browser save the answer under this name, made safe (RFC 6266): the name in UTF-8, and one in
 * ASCII for programs that know no better.
 */
export function contentDisposition(fileName: string): string {
  const point = fileName.lastIndexOf('.');
  const extension = point === -1 ? '' : fileName.slice(point).replace(/[^A-Za-z0-9.]/g, '');
  const safe = safeFileName(point === -1 ? fileName : fileName.slice(0, point), extension);
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, percentEncoded);
  return `attachment; filename="${asciiName(safe.slice(0, safe.length - extension.length)) + extension}"; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** `Карты Лента 2026-10` → `2026-10`; nothing left → `tasksheet`. */
function asciiName(name: string): string {
  return name.replace(/[^A-Za-z0-9 ._-]+/g, ' ').replace(/\s+/g, ' ').replace(/^[ ._-]+|[ ._-]+$/g, '') || 'tasksheet';
}
