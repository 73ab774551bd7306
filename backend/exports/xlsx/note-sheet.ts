import type { Language } from '../../../shared/language.ts';
import type { Provenance } from '../../../shared/run.ts';
import type { PartnerNote } from '../export-format.ts';
import { cellText } from './cell-text.ts';
import { mainNamespace, xmlDeclaration } from './markup.ts';

/** One line of the sheet that says where the data comes from; without a label it is a heading. */
export interface NoteRow {
  label?: string;
  text: string;
}

const words = {
  ru: { task: 'Задача', number: 'Номер запуска', person: 'Кто запустил', startedAt: 'Когда', asOf: 'Данные по', period: 'Период', version: 'Версия' },
  en: { task: 'Task', number: 'Run number', person: 'Run by', startedAt: 'When', asOf: 'Data as of', period: 'Period', version: 'Version' },
};

/** Before anything that a reader should know. */
export const noteLabel: Record<Language, string> = { ru: 'Внимание', en: 'Note' };

export const noteSheetNames: Record<Language, { own: string; partner: string }> = {
  ru: { own: 'Откуда данные', partner: 'О данных' },
  en: { own: 'Data source', partner: 'About' },
};

export function ownNote(provenance: Provenance, language: Language, timeZone: string): NoteRow[] {
  const word = words[language];
  return filled([
    { text: provenance.title[language] },
    { label: word.number, text: provenance.number },
    ...provenance.values.map(({ label, text }) => ({ label: label[language], text: text[language] })),
    { label: word.asOf, text: momentText(provenance.dataAsOf, language, timeZone) },
    { label: word.startedAt, text: momentText(provenance.startedAt, language, timeZone) },
    { label: word.person, text: provenance.person },
    { label: word.task, text: provenance.taskId },
    { label: word.version, text: provenance.version },
  ]);
}

export function partnerNote(partner: PartnerNote, provenance: Provenance, language: Language, timeZone: string): NoteRow[] {
  const word = words[language];
  return filled([
    { text: partner.title },
    { label: word.period, text: partner.period ?? '' },
    { label: word.asOf, text: momentText(provenance.dataAsOf, language, timeZone) },
    { label: word.number, text: provenance.number },
  ]);
}

function filled(rows: NoteRow[]): NoteRow[] {
  return rows.filter(({ text }) => text !== '');
}

/** An ISO 8601 moment in the company's time: `21.11.2026 23:59`. Anything else stays as it is. */
export function momentText(moment: string | null, language: Language, timeZone: string): string {
  if (moment === null) return '';
  const date = new Date(moment);
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(moment) || Number.isNaN(date.getTime())) return moment;
  const parts = new Map(new Intl.DateTimeFormat('en', { ...momentFields, timeZone }).formatToParts(date).map(({ type, value }) => [type, value]));
  const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
  const calendar = language === 'ru' ? `${day}.${month}.${year}` : `${year}-${month}-${day}`;
  return `${calendar} ${parts.get('hour')}:${parts.get('minute')}`;
}

const momentFields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

export interface NoteStyles {
  noteLabel: number;
  noteTitle: number;
  noteText: number;
}

export function noteSheetXml(rows: NoteRow[], style: NoteStyles): string {
  const lines = rows.map(({ label, text }, index) => {
    const row = index + 1;
    if (label === undefined) return `<row r="${row}">${cell(`A${row}`, text, style.noteTitle)}</row>`;
    return `<row r="${row}">${cell(`A${row}`, label, style.noteLabel)}${cell(`B${row}`, text, style.noteText)}</row>`;
  });
  return `${xmlDeclaration}<worksheet xmlns="${mainNamespace}"><sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="28" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols>\
<sheetData>${lines.join('')}</sheetData></worksheet>`;
}

function cell(reference: string, text: string, style: number): string {
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${cellText(text).xml}</t></is></c>`;
}
