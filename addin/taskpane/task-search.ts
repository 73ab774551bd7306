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

function score(task: TaskSummary, typed: string[]): number {
  const title = wordsOf(`${task.title.ru} ${task.title.en} ${task.id}`);
  const rest = wordsOf(`${task.description.ru} ${task.description.en} ${task.groupTitle.ru} ${task.groupTitle.en} ${task.owner}`);
  return typed.reduce((sum, one) => {
    if (sum < 0) return sum;
    if (title.some((word) => word.startsWith(one))) return sum + 4;
    if (title.some((word) => beginsAlmost(word, one))) return sum + 3;
    if (rest.some((word) => word.startsWith(one))) return sum + 2;
    return rest.some((word) => beginsAlmost(word, one)) ? sum + 1 : -1;
  }, 0);
}

/** Tasks that hold every typed word, best first; case, ё/е, one typo and the wrong keyboard layout are forgiven. */
export function findTasks(tasks: TaskSummary[], search: string): TaskSummary[] {
  const found = (text: string): TaskSummary[] =>
    tasks
      .map((task) => ({ task, points: score(task, wordsOf(text)) - (task.status === 'retired' ? 0.5 : 0) }))
      .filter(({ points }) => points > 0)
      .sort((one, other) => other.points - one.points)
      .map(({ task }) => task);
  const asTyped = found(search);
  return asTyped.length > 0 ? asTyped : found(otherLayout(search));
}
