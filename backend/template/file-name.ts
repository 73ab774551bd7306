import type { LocalText } from '../../shared/language.ts';
import type { Task } from '../catalog/task.ts';

const longest = 180;

/** Bytes, since file systems count them: a Cyrillic letter is two. Never splits a character. */
function cut(text: string): string {
  let bytes = 0;
  const kept: string[] = [];
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > longest) break;
    kept.push(character);
  }
  return kept.join('');
}

/** A name that Windows, macOS, Linux and a download header all take: no separators, control or invisible characters. */
function safeFileName(text: string): string {
  const plain = text
    .slice(0, 10 * longest)
    .normalize('NFC')
    .replace(/[\\/:*?"<>|]/g, '-')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .replace(/ {2,}/g, ' ');
  const trimmed = cut(plain.replace(/^[\s.~-]+/, '')).replace(/[\s.]+$/, '');
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(trimmed) ? `_${trimmed}` : trimmed;
}

/** The task's file name, without ending, in both languages. `words` are the filled fields in words; others leave no trace. */
export function renderFileName({ fileName, title }: Pick<Task, 'fileName' | 'title'>, words: Record<string, LocalText>): LocalText {
  const inLanguage = (language: 'ru' | 'en'): string => {
    const wordOf = (name: string): string => (Object.hasOwn(words, name) ? (words[name]?.[language] ?? '') : '');
    const filled = fileName[language].replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => wordOf(name).slice(0, 10 * longest));
    return safeFileName(filled) || safeFileName(title[language]) || 'Tasksheet';
  };
  return { ru: inLanguage('ru'), en: inLanguage('en') };
}
