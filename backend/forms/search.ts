import type { Option } from '../../shared/fields/choice.ts';
import { oneTypoApart, otherLayout, plainText, soundOf } from './letters.ts';

interface Word {
  plain: string;
  sound: string;
}

/** An option with its words made ready for comparison. */
export interface SearchableOption {
  option: Option;
  words: Word[];
  /** The label without spaces: people leave them out. */
  joined: string;
  value: string;
}

const shortestWordWithTypo = 4;
/** Fewer keys say too little about the layout. */
const shortestGuess = 3;

function wordsOf(text: string): Word[] {
  return plainText(text)
    .split(' ')
    .filter((word) => word !== '')
    .map((plain) => ({ plain, sound: soundOf(plain) }));
}

export function searchable(option: Option): SearchableOption {
  const texts = [...new Set([option.label.ru, option.label.en])];
  const words = texts.flatMap(wordsOf);
  const joined = texts.map((text) => wordsOf(text).map(({ sound }) => sound).join('')).join(' ');
  return { option, words: [...words, ...wordsOf(option.hint ?? '')], joined, value: String(option.value).toLowerCase() };
}

/** How far one typed word is from one word of an option: 0 is the same word; `undefined` is no likeness. */
function distance(typed: Word, word: Word): number | undefined {
  if (typed.plain === word.plain) return 0;
  if (word.plain.startsWith(typed.plain)) return 1;
  const sounds = typed.sound.length >= Math.min(2, typed.plain.length);
  if (sounds && typed.sound === word.sound) return 2;
  if (sounds && word.sound.startsWith(typed.sound)) return 3;
  if (typed.plain.length >= 2 && (word.plain.includes(typed.plain) || (sounds && word.sound.includes(typed.sound)))) return 5;
  return typoDistance(typed.plain, word.plain) ?? typoDistance(typed.sound, word.sound);
}

/** Another digit is another number, never a typo. */
function typoDistance(typed: string, word: string): number | undefined {
  if (typed.length < shortestWordWithTypo || /\d/.test(typed)) return undefined;
  if (oneTypoApart(typed, word)) return 7;
  return typoInBeginning(typed, word) ? 8 : undefined;
}

/** A word that is still being typed may hold a typo too. */
function typoInBeginning(typed: string, word: string): boolean {
  return [typed.length - 1, typed.length, typed.length + 1].some((length) => length < word.length && oneTypoApart(typed, word.slice(0, length)));
}

function rankOf(typed: Word[], { words, joined, value }: SearchableOption): number | undefined {
  const whole = typed.map(({ plain }) => plain).join(' ');
  if (value === whole) return 0;
  let sum = 0;
  for (const one of typed) {
    const distances = words.map((word) => distance(one, word)).filter((found) => found !== undefined);
    if (distances.length === 0) return joinedRank(typed, joined);
    sum += Math.min(...distances);
  }
  const first = words[0];
  return sum + (first !== undefined && typed[0] !== undefined && distance(typed[0], first) !== undefined ? 0 : 0.5);
}

function joinedRank(typed: Word[], joined: string): number | undefined {
  const sound = typed.map((word) => word.sound).join('');
  return sound.length >= shortestWordWithTypo && joined.includes(sound) ? 6 : undefined;
}

/**
 * Options that fit what was typed, best first: case, ё, alphabet, the wrong keyboard layout and one typo in a word of four
 * letters or more are forgiven. Nothing typed means all of them, in their own order.
 */
export function findOptions(options: readonly SearchableOption[], typed: string): Option[] {
  if (typed.trim() === '') return options.map(({ option }) => option);
  const asTyped = wordsOf(typed);
  const otherwise = typed.trim().length < shortestGuess ? [] : wordsOf(otherLayout(typed));
  const found = options.flatMap((one, place) => {
    const ranks = [asTyped.length === 0 ? undefined : rankOf(asTyped, one), penalty(otherwise.length === 0 ? undefined : rankOf(otherwise, one))].filter((rank) => rank !== undefined);
    return ranks.length === 0 ? [] : [{ option: one.option, rank: Math.min(...ranks), place }];
  });
  return found.sort((one, other) => one.rank - other.rank || one.place - other.place).map(({ option }) => option);
}

/** Reading the other layout is a guess: it stands behind what was typed. */
function penalty(rank: number | undefined): number | undefined {
  return rank === undefined ? undefined : rank + 4;
}
