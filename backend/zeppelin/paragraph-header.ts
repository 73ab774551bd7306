export interface ParagraphText {
  /** Empty for the note's default interpreter. */
  interpreter: string;
  /** `%jdbc(crm)` has the property `crm` of the value `crm`. */
  properties: Record<string, string>;
  script: string;
  /** Where the script begins in the paragraph. */
  scriptStart: number;
}

/** Reads `%interpreter(key=value, …)` before a paragraph's script as Zeppelin does; `null` where it fails. */
export function readParagraphText(text: string): ParagraphText | null {
  const head = /^\s*%([a-zA-Z0-9_-]+(?:\.\w+)*)/.exec(text);
  if (head === null) return withScript('', {}, text, 0);
  const after = head[0].length;
  if (text.charAt(after) !== '(') return withScript(head[1] ?? '', {}, text, after);
  const properties = readProperties(text, after + 1);
  return properties === null ? null : withScript(head[1] ?? '', properties.found, text, properties.end);
}

function withScript(interpreter: string, properties: Record<string, string>, text: string, start: number): ParagraphText {
  const spaces = /^ */.exec(text.slice(start))?.[0].length ?? 0;
  const script = text.slice(start + spaces);
  return { interpreter, properties, script, scriptStart: start + spaces };
}

const escapes: Record<string, string> = { n: '\n', t: '\t' };

function readProperties(text: string, start: number): { found: Record<string, string>; end: number } | null {
  const found = Object.create(null) as Record<string, string>;
  let key: string | null = null;
  let written = '';
  let quoted = false;
  const keep = (): boolean => {
    const value = written.trim();
    const name = key ?? value;
    if (name !== '') found[name] = value;
    [key, written] = [null, ''];
    return name !== '';
  };
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      at += 1;
      if (at === text.length) return null;
      written += escapes[text.charAt(at)] ?? text.charAt(at);
    } else if (character === '"') quoted = !quoted;
    else if (quoted || !/[),=]/.test(character)) written += character;
    else if (character === '=') {
      if (key !== null) return null;
      [key, written] = [written.trim(), ''];
    } else if (character === ',') {
      if (!keep()) return null;
    } else {
      keep();
      return { found: { ...found }, end: at + 1 };
    }
  }
  return null;
}
