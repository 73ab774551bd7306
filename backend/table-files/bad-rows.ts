import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';

const named = 10;
/** Beyond this the file as a whole is wrong, and reading on tells nothing new. */
const most = 1_000;

/** Rows that can't be read, by number and reason. */
export class BadRows {
  private readonly rows: { number: number; fault: LocalText }[] = [];

  add(number: number, fault: LocalText): void {
    this.rows.push({ number, fault });
    if (this.rows.length >= most) this.throwIfAny();
  }

  throwIfAny(): void {
    if (this.rows.length === 0) return;
    const list = (language: 'ru' | 'en'): string => this.rows.slice(0, named).map(({ number, fault }) => `${language === 'ru' ? 'строка' : 'row'} ${number}: ${fault[language]}`).join('; ');
    const rest = this.rows.length - named;
    const count = this.rows.length >= most ? { ru: `${most} или больше`, en: `${most} or more` } : { ru: String(this.rows.length), en: String(this.rows.length) };
    throw new Problem('invalid_values', {
      ru: `Строк, которые не прочитать: ${count.ru}. ${list('ru')}${rest > 0 ? `; и ещё ${rest}` : ''}. Исправьте их и выберите файл ещё раз.`,
      en: `Rows that can't be read: ${count.en}. ${list('en')}${rest > 0 ? `; and ${rest} more` : ''}. Mend them and choose the file again.`,
    });
  }
}

export function wrongWidth(cells: number, heading: number): LocalText {
  return { ru: `ячеек ${cells}, а в заголовке ${heading}`, en: `${cells} cells, the heading has ${heading}` };
}

export function beyondHeading(value: string): LocalText {
  return { ru: `«${value.slice(0, 40).toWellFormed()}» стоит правее последнего заголовка`, en: `“${value.slice(0, 40).toWellFormed()}” stands to the right of the last heading` };
}
