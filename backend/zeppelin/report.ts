import type { Language, LocalText } from '../../shared/language.ts';
import { formatFault } from '../catalog/index.ts';
import type { Fault } from '../catalog/task.ts';
import type { Remark } from './remark.ts';

/** What became of one file. */
export interface NoteOutcome {
  file: string;
  /** Absent for a file that is no note. */
  note?: string;
  /** Absent when no task was made. */
  task?: string;
  steps: number;
  fields: number;
  /** Paths that were there already and were left as they are. */
  kept: string[];
  broken?: LocalText;
  remarks: Remark[];
  /** What lint says of the task that was written. */
  faults: Fault[];
}

const kinds = ['lost', 'guessed', 'changed'] as const;

const words = {
  title: { ru: 'Перенос из Zeppelin', en: 'Import from Zeppelin' },
  lost: { ru: 'Не перенесено', en: 'Not carried over' },
  guessed: { ru: 'Угадано — проверьте', en: 'Guessed: check it' },
  changed: { ru: 'Изменено', en: 'Changed' },
  faults: { ru: 'Что говорит lint', en: 'What lint says' },
  broken: { ru: 'не прочитан', en: 'not read' },
  kept: { ru: 'уже есть, не заменён (--force заменит)', en: 'is there already, not replaced (--force replaces it)' },
  noTask: { ru: 'задачи нет', en: 'no task' },
  paragraph: { ru: 'параграф', en: 'paragraph' },
  line: { ru: 'строка', en: 'line' },
  steps: { ru: 'шагов', en: 'steps' },
  fields: { ru: 'полей', en: 'fields' },
} satisfies Record<string, LocalText>;

/** One line about an outcome, for the terminal. */
export function summaryLine(outcome: NoteOutcome, language: Language): string {
  const { file, task, broken, steps, fields, kept, remarks, faults } = outcome;
  const say = (key: keyof typeof words): string => words[key][language];
  if (broken !== undefined) return `${file}: ${say('broken')}. ${broken[language]}`;
  if (task === undefined) return `${file}: ${say('noTask')}`;
  const counts = kinds.map((kind) => `${say(kind).toLowerCase()}: ${remarks.filter((remark) => remark.kind === kind).length}`);
  const lint = faults.length === 0 ? [] : [`lint: ${faults.length}`];
  const made = kept.length > 0 ? kept.map((path) => `${path} ${say('kept')}`) : [`${say('steps')} ${steps}`, `${say('fields')} ${fields}`];
  return `${file} → tasks/${task}.sql · ${[...made, ...counts, ...lint].join(' · ')}`;
}

/** The remarks of an outcome, a line each. */
export function remarkLines({ remarks }: NoteOutcome, language: Language): string[] {
  return kinds.flatMap((kind) => remarks.filter((remark) => remark.kind === kind).map((remark) => `  ${words[kind][language]}${placeOf(remark, language)}: ${remark.text[language]}`));
}

function placeOf({ paragraph, title, line }: Remark, language: Language): string {
  if (paragraph === undefined) return '';
  const named = title === undefined ? '' : ` «${title}»`;
  return `, ${words.paragraph[language]} ${paragraph}${named}${line === undefined ? '' : `, ${words.line[language]} ${line}`}`;
}

/** The report as a page, for the folder. `before` is what concerns all notes. */
export function reportPage(outcomes: NoteOutcome[], before: string[], language: Language): string {
  const say = (key: keyof typeof words): string => words[key][language];
  const sections = outcomes.map((outcome) => {
    const groups = kinds.flatMap((kind) => {
      const remarks = outcome.remarks.filter((remark) => remark.kind === kind);
      return remarks.length === 0 ? [] : [`### ${say(kind)}`, remarks.map((remark) => `- ${escaped(`${placeOf(remark, language).replace(/^, /, '')}${remark.paragraph === undefined ? '' : ': '}${remark.text[language]}`)}`).join('\n')];
    });
    const faults = outcome.faults.length === 0 ? [] : [`### ${say('faults')}`, outcome.faults.map((fault) => `- ${escaped(formatFault(fault))}`).join('\n')];
    return [`## ${escaped(outcome.note ?? outcome.file)}`, escaped(summaryLine(outcome, language)), ...groups, ...faults].join('\n\n');
  });
  return `${[`# ${say('title')}`, ...before.map(escaped), ...sections].join('\n\n')}\n`;
}

/** Names of notes and paragraphs are other people's text: they make no markup, links or pictures. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_<>[\]|]/g, '\\$&').replace(/^([#+-])/, '\\$1');
}
