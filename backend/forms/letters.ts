const cyrillic: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p',
  р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'ch', ш: 'sh', щ: 'sch', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'iu', я: 'ia',
};

/** Ways of writing one Russian sound in Latin letters, each brought to the one used above. Order matters. */
const sameSound: readonly (readonly [RegExp, string])[] = [
  [/shch/g, 'sch'],
  [/kh/g, 'h'],
  [/ph/g, 'f'],
  [/t[sz]/g, 'c'],
  [/x/g, 'ks'],
  [/ck|q/g, 'k'],
  [/w/g, 'v'],
  [/[yj]/g, 'i'],
  [/io|ie/g, 'e'],
  [/(.)\1+/g, '$1'],
];

/** Lower case, `ё` as `е`, every sign that is neither a letter nor a digit as a space. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/['’`ʼ]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How a word sounds, in Latin letters, whichever alphabet it is written in: `Пятёрочка` and `pyaterochka` become the same. */
export function soundOf(plain: string): string {
  const latin = [...plain].map((letter) => cyrillic[letter] ?? letter).join('');
  return sameSound.reduce((text, [written, sound]) => text.replace(written, sound), latin);
}

const latinKeys = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const russianKeys = 'ёйцукенгшщзхъфывапролджэячсмитьбю';
const otherKey = new Map([...latinKeys].flatMap((key, place) => [[key, russianKeys[place] ?? key], [russianKeys[place] ?? key, key]]));

/** The same keys pressed with the other keyboard layout on: `ktynf` is `лента`, `дуегфд` is `letual`. */
export function otherLayout(text: string): string {
  return [...text.toLowerCase()].map((letter) => otherKey.get(letter) ?? letter).join('');
}

/** Whether one letter more, less, another or two swapped turn one word into the other. */
export function oneTypoApart(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  const rest = (text: string, from: number) => text.slice(from);
  if (one.length > other.length) return rest(one, start + 1) === rest(other, start);
  if (one.length < other.length) return rest(one, start) === rest(other, start + 1);
  if (rest(one, start + 1) === rest(other, start + 1)) return true;
  return one[start] === other[start + 1] && one[start + 1] === other[start] && rest(one, start + 2) === rest(other, start + 2);
}
