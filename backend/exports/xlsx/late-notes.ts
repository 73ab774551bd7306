import { noteLabel, type NoteRow } from './note-sheet.ts';
import { rowsPerSheet, type WorkbookPlan } from './workbook-plan.ts';
import { cellCharacters } from './cell-text.ts';

/** What was found out while the rows passed. */
export interface Findings {
  /** Cells that were longer than Excel holds. */
  cut: number;
  /** Some text was not UTF-8. */
  mended: boolean;
}

/** What a reader must know about the file itself: nothing is cut or moved silently. */
export function lateNotes(plan: WorkbookPlan, { cut, mended }: Findings): NoteRow[] {
  const word = words[plan.language];
  const rows = plan.results.map(({ parts, totalRows }) => ({ label: `${word.rows} — ${parts[0]?.sheetName ?? ''}`, text: String(totalRows) }));
  const split = plan.results.filter(({ parts }) => parts.length > 1).map(({ parts }) => word.split(parts.map((part) => part.sheetName)));
  const notes = [...split, ...(cut > 0 ? [word.cut(cut)] : []), ...(mended ? [word.mended] : [])];
  return [...rows, ...notes.map((text) => ({ label: noteLabel[plan.language], text }))];
}

const words = {
  ru: {
    rows: 'Строк',
    split: (sheets: string[]) => `Строки не поместились на один лист (до ${rowsPerSheet}) и продолжаются на следующих: ${sheets.join(', ')}.`,
    cut: (cells: number) => `Ячеек, где текст длиннее ${cellCharacters} знаков и обрезан (в конце стоит «…»): ${cells}. Целиком он есть в CSV.`,
    mended: 'Часть текста была в неверной кодировке; нечитаемые знаки заменены на «\ufffd».',
  },
  en: {
    rows: 'Rows',
    split: (sheets: string[]) => `The rows do not fit on one sheet (up to ${rowsPerSheet}) and continue on the next: ${sheets.join(', ')}.`,
    cut: (cells: number) => `Cells whose text was longer than ${cellCharacters} characters and was cut (“…” at the end): ${cells}. The CSV has it whole.`,
    mended: 'Some text was in a wrong encoding; unreadable characters were replaced by “\ufffd”.',
  },
};
