import type { Language, LocalText } from '../../shared/language.ts';
import type { BlockRecord } from './block-record.ts';

/** The sheet that tells in plain words where each block comes from; also without the add-in, a year later. */
export const provenanceSheetName: LocalText = { ru: 'Откуда данные', en: 'Data source' };
export const provenanceSheetNames = Object.values(provenanceSheetName);
/** The text of its first cell, by which it is known as ours. */
export const provenanceTitle: LocalText = { ru: 'Откуда данные (Tasksheet)', en: 'Where the data comes from (Tasksheet)' };

export const provenanceHeaders: Record<Language, string[]> = {
  ru: ['Лист', 'Таблица', 'Задача', 'Номер', 'Условия', 'Строк', 'Данные по', 'Когда', 'Кто получил', 'Версия задачи'],
  en: ['Sheet', 'Table', 'Task', 'Number', 'Values', 'Rows', 'Data as of', 'When', 'Run by', 'Task version'],
};

export interface ProvenanceLine {
  sheetName: string;
  tableName: string;
  record: BlockRecord;
}

export function provenanceCells({ sheetName, tableName, record }: ProvenanceLine, language: Language, timeZone: string): string[] {
  const { title, number, values, dataAsOf, startedAt, person, version } = record.provenance;
  return [
    sheetName,
    tableName,
    title[language],
    number,
    values.map(({ label, text }) => `${label[language]}: ${text[language]}`).join('; '),
    String(record.rows),
    moment(dataAsOf, language, timeZone),
    moment(startedAt, language, timeZone),
    person,
    version,
  ];
}

/** An ISO 8601 moment in the company's time: `21.11.2026 23:59`. Anything else stays as it is. */
function moment(text: string | null, language: Language, timeZone: string): string {
  if (text === null) return '';
  const date = new Date(text);
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(date.getTime())) return text;
  const parts = new Map(new Intl.DateTimeFormat('en', { ...momentFields, timeZone }).formatToParts(date).map(({ type, value }) => [type, value]));
  const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
  return `${language === 'ru' ? `${day}.${month}.${year}` : `${year}-${month}-${day}`} ${parts.get('hour')}:${parts.get('minute')}`;
}

const momentFields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
