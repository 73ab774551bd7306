import type { LocalText } from '../../shared/language.ts';
import type { ResultSummary } from '../../shared/result.ts';
import { cellCharacters } from './cell-value.ts';
import type { TypedRows } from './typed-rows.ts';

/** What a person should know about what stands in the sheet: nothing is changed silently. */
export function notices(result: ResultSummary, { asText, findings: { cutCells } }: Pick<TypedRows, 'asText' | 'findings'>): LocalText[] {
  const titles = result.columns.filter((_column, index) => asText.has(index)).map(({ title }) => title);
  return [
    ...(titles.length > 0 ? [textColumns(titles)] : []),
    ...(cutCells > 0 ? [cutText(cutCells)] : []),
  ];
}

function textColumns(titles: LocalText[]): LocalText {
  const list = (language: 'ru' | 'en'): string => titles.map((title) => `«${title[language]}»`).join(', ');
  return {
    ru: `Записано текстом, чтобы не потерять цифры (Excel хранит только 15): ${list('ru')}.`,
    en: `Written as text so that no digit is lost (Excel keeps only 15): ${list('en').replaceAll('«', '“').replaceAll('»', '”')}.`,
  };
}

function cutText(cells: number): LocalText {
  return {
    ru: `Ячеек, где текст длиннее ${cellCharacters} знаков и обрезан (в конце «…»): ${cells}. Целиком он есть в CSV.`,
    en: `Cells whose text was longer than ${cellCharacters} characters and was cut (“…” at the end): ${cells}. The CSV has it whole.`,
  };
}
