import type { FieldKindName } from '../../shared/fields/index.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Field } from '../catalog/task.ts';

/** What a value of each kind looks like, for somebody whose program sent another. */
const expected: Record<FieldKindName, LocalText> = {
  text: { ru: 'Нужен текст.', en: 'Text is needed.' },
  number: { ru: 'Нужно число.', en: 'A number is needed.' },
  numberRange: { ru: 'Нужны два числа: от и до. Одно можно оставить пустым.', en: 'Two numbers are needed, from and to. One may be left empty.' },
  toggle: { ru: 'Нужно «да» или «нет».', en: 'Yes or no is needed.' },
  date: { ru: 'Нужна дата, например 2026-03-01.', en: 'A date is needed, such as 2026-03-01.' },
  month: { ru: 'Нужен месяц, например 2026-03.', en: 'A month is needed, such as 2026-03.' },
  dateRange: { ru: 'Нужен период: первый и последний день.', en: 'A period is needed: its first and last day.' },
  choice: { ru: 'Выберите один вариант из списка.', en: 'Choose one option of the list.' },
  choices: { ru: 'Выберите варианты из списка.', en: 'Choose options of the list.' },
  list: { ru: 'Нужен список: каждая запись с новой строки.', en: 'A list is needed, one entry a line.' },
  cohort: { ru: 'Нужен id когорты или ссылка на неё из Amplitude.', en: 'The id of a cohort, or a link to it in Amplitude, is needed.' },
  file: { ru: 'Нужен файл: загрузите его и передайте номер, под которым он принят.', en: 'A file is needed: upload it and send the id under which it was taken.' },
};

const chosenKinds: readonly FieldKindName[] = ['choice', 'choices'];

export function unreadable(field: Field): LocalText {
  return expected[field.kind];
}

export function missing({ kind, label }: Field): LocalText {
  return chosenKinds.includes(kind)
    ? { ru: `Выберите значение поля «${label.ru}».`, en: `Choose a value of “${label.en}”.` }
    : { ru: `Заполните поле «${label.ru}».`, en: `Fill in “${label.en}”.` };
}

export function noSuchField(name: string): LocalText {
  const shown = cut(name);
  return { ru: `В этой форме нет поля «${shown}». Обновите форму.`, en: `This form has no field “${shown}”. Reload the form.` };
}

export function notAnOption(values: readonly (string | number)[]): LocalText {
  const shown = values.slice(0, 3).map((value) => cut(String(value)));
  const rest = values.length - shown.length;
  return {
    ru: `Нет такого варианта: ${shown.map((value) => `«${value}»`).join(', ')}${rest > 0 ? ` и ещё ${rest}` : ''}. Выберите из списка.`,
    en: `There is no such option: ${shown.map((value) => `“${value}”`).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}. Choose from the list.`,
  };
}

export function fillFirst({ label }: Field): LocalText {
  return { ru: `Сначала заполните поле «${label.ru}».`, en: `Fill in “${label.en}” first.` };
}

export function unknownWords(unknown: readonly string[], of: number): LocalText {
  const shown = unknown.slice(0, 20).map(cut).join(', ');
  const rest = unknown.length > 20 ? '…' : '';
  return {
    ru: `Не нашли ${unknown.length.toLocaleString('ru')} из ${of.toLocaleString('ru')}: ${shown}${rest}. Исправьте их или продолжите без них.`,
    en: `${unknown.length.toLocaleString('en')} of ${of.toLocaleString('en')} are not known: ${shown}${rest}. Correct them or go on without them.`,
  };
}

export function noneKnown(of: number): LocalText {
  return {
    ru: `Ни одна запись не найдена (всего ${of.toLocaleString('ru')}). Проверьте список.`,
    en: `None of the ${of.toLocaleString('en')} entries is known. Check the list.`,
  };
}

export const unseenSigns: LocalText = {
  ru: 'В тексте есть невидимый служебный знак. Наберите текст заново.',
  en: 'The text holds an invisible control character. Please type it again.',
};

export const notBegunYet: LocalText = { ru: 'Этот период ещё не наступил. Выберите прошедший.', en: 'This period has not begun yet. Choose a past one.' };

export function notLoadedYet(until: { ru: string; en: string } | null): LocalText {
  return until === null
    ? { ru: 'Данные ещё не загружены. Попробуйте позже.', en: 'The data is not loaded yet. Try again later.' }
    : {
        ru: `Данные загружены по ${until.ru}. Выберите период, который закончился раньше.`,
        en: `Data is loaded up to ${until.en}. Choose a period that ended before.`,
      };
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
