import { Problem } from '../../shared/problem.ts';
import { inExcel, sync } from './excel-session.ts';

/** A list field takes at most this many entries. */
const mostCells = 100_000;

/**
 * The selected cells that hold something, one a line, rows first. A whole selected column costs only its used part.
 * Numbers are written out in full; one of more than 15 digits has lost some already, so it is refused rather than
 * searched for wrongly.
 */
export async function readSelection(): Promise<string> {
  return inExcel(async (context) => {
    const used = context.workbook.getSelectedRange().getUsedRangeOrNullObject(true);
    used.load('cellCount');
    await sync(context);
    if (used.isNullObject) throw empty();
    if (used.cellCount > mostCells) throw tooMany(used.cellCount);
    used.load('values');
    await sync(context);
    const entries = (used.values as unknown[][]).flat().filter((value) => value !== '' && value !== null).map(entryOf);
    if (entries.length === 0) throw empty();
    return entries.join('\n');
  });
}

function entryOf(value: unknown): string {
  if (typeof value !== 'number' || !Number.isInteger(value)) return String(value).replace(/[\r\n\t]+/g, ' ');
  if (Math.abs(value) >= 1e15) throw damaged(value);
  return value.toFixed(0);
}

function empty(): Problem {
  return new Problem('invalid_values', { ru: 'В выделенных ячейках пусто. Выделите ячейки со списком и нажмите ещё раз.', en: 'The selected cells are empty. Select the cells with the list and press again.' });
}

function tooMany(count: number): Problem {
  return new Problem('too_large', { ru: `Выделено слишком много ячеек: ${count}. Можно до ${mostCells}.`, en: `Too many cells are selected: ${count}. At most ${mostCells} can be taken.` });
}

function damaged(value: number): Problem {
  return new Problem('invalid_values', {
    ru: `Excel хранит ${value} как число и уже потерял последние цифры. Возьмите список, где номера записаны текстом.`,
    en: `Excel keeps ${value} as a number and has lost its last digits already. Take a list in which numbers are written as text.`,
  });
}
