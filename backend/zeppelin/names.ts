const letters: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p',
  р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
  ә: 'a', ғ: 'g', қ: 'q', ң: 'n', ө: 'o', ұ: 'u', ү: 'u', һ: 'h', і: 'i', ї: 'yi', є: 'ye', ґ: 'g', ў: 'u',
  ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', ı: 'i',
};

/** Words of a name in Latin letters and digits: Russian, Kazakh, Ukrainian and Belarusian by sound, others without their accents. */
export function latinWords(name: string): string[] {
  const latin = [...name.normalize('NFC')].map((letter) => inLatin(letter)).join('');
  return latin.normalize('NFD').replace(/\p{M}/gu, '').split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}

function inLatin(letter: string): string {
  const small = letter.toLowerCase();
  const sound = letters[small];
  if (sound === undefined) return letter;
  return small === letter ? sound : sound.charAt(0).toUpperCase() + sound.slice(1);
}

const longest = 60;

/** `Карты партнёра` → `karty-partnera`, for a task's id and its file. */
export function taskIdFor(name: string, fallback: string): string {
  return cut(latinWords(name).join('-').toLowerCase(), '-') || cut(latinWords(fallback).join('-').toLowerCase(), '-') || 'note';
}

/** `Дата с` → `data_s`; a name that is fit already stays as it is. */
export function fieldNameFor(name: string): string {
  const trimmed = name.trim();
  if (/^[a-z][A-Za-z0-9_]*$/.test(trimmed) && !reserved(trimmed)) return trimmed;
  const words = latinWords(name).join('_').toLowerCase();
  const started = /^[a-z]/.test(words) ? words : `field_${words}`.replace(/_$/, '');
  const short = cut(started, '_');
  return reserved(short) ? `${short}_field` : short;
}

function reserved(name: string): boolean {
  return name === 'search' || name in Object.prototype;
}

/** Name of a step. */
export function stepNameFor(title: string, paragraph: number): string {
  const words = cut(latinWords(title).join('_').toLowerCase(), '_');
  return /^[a-z]/.test(words) ? words : `step_${paragraph}`;
}

function cut(text: string, separator: string): string {
  return text.length <= longest ? text : text.slice(0, longest).replace(new RegExp(`${separator}[^${separator}]*$`), '');
}

/** The name itself, or with the first number that makes it new. Remembers it. */
export function unique(name: string, taken: Set<string>, separator: string): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${name}${separator}${count}`;
  taken.add(candidate);
  return candidate;
}
