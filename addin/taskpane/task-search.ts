import type { TaskSummary } from '../../shared/task.ts';

const latinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const cyrillicKeys = 'йцукенгшщзхъфывапролджэячсмитьбюё';

function plain(text: string): string {
  return text.toLowerCase().replace(/ё/g, 'е');
}

function wordsOf(text: string): string[] {
  return plain(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** The same keys with the other keyboard layout on: `gei` was meant as `пуш`. */
function otherLayout(text: string): string {
  return [...text.toLowerCase()]
    .map((sign) => {
      const latin = latinKeys.indexOf(sign);
      if (latin >= 0) return cyrillicKeys[latin];
      const cyrillic = cyrillicKeys.indexOf(sign);
      return cyrillic >= 0 ? latinKeys[cyrillic] : sign;
    })
    .join('');
}

/** Whether `typed` begins `word`, with at most one sign missing, extra, wrong or swapped with its neighbour. */
function beginsAlmost(word: string, typed: string): boolean {
  if (word.includes(typed)) return true;
  if (typed.length < 4) return false;
  return [typed.length - 1, typed.length, typed.length + 1].some((length) => oneTypo(word.slice(0, length), typed));
}

function oneTypo(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const left = one.slice(start, one.length - end);
  const right = other.slice(start, other.length - end);
  const swapped = left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
  return (left.length <= 1 && right.length <= 1) || swapped;
}

/** How well a task fits, and whether every word does. */
function score(task: TaskSummary, typed: string[]): { points: number; whole: boolean } {
  const title = wordsOf(`${task.title.ru} ${task.title.en} ${task.id}`);
  const rest = wordsOf(`${task.description.ru} ${task.description.en} ${task.groupTitle.ru} ${task.groupTitle.en} ${task.owner}`);
  const scores = typed.map((one) => wordScore(title, rest, one));
  return { points: scores.reduce((sum, one) => sum + one, 0) - (task.status === 'retired' ? 0.5 : 0), whole: !scores.includes(0) };
}

function wordScore(title: string[], rest: string[], typed: string): number {
  if (title.some((word) => word.startsWith(typed))) return 4;
  if (title.some((word) => beginsAlmost(word, typed))) return 3;
  if (rest.some((word) => word.startsWith(typed))) return 2;
  return rest.some((word) => beginsAlmost(word, typed)) ? 1 : 0;
}

/**
 * Tasks that hold every typed word, best first; when none does, those that hold any, since a partner's name or a date may
 * be among the words. Case, ё/е, one typo and the wrong keyboard layout are forgiven.
 */
export function findTasks(tasks: TaskSummary[], search: string): TaskSummary[] {
  const scored = [search, otherLayout(search)].map((text) => tasks.map((task) => ({ task, ...score(task, wordsOf(text)) })).filter(({ points }) => points > 0));
  const whole = scored.find((found) => found.some((one) => one.whole))?.filter((one) => one.whole);
  const found = whole ?? scored.find((some) => some.length > 0) ?? [];
  return found.sort((one, other) => other.points - one.points).map(({ task }) => task);
}
