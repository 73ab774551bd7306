import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';

const noAccess: LocalText = { ru: 'туда нельзя писать. Выберите другую папку или закройте файл в другой программе', en: 'it may not be written there. Choose another folder, or close the file in the other program' };
const reasons: Record<string, LocalText> = {
  ENOENT: { ru: 'такой папки нет. Создайте её или укажите другую', en: 'there is no such folder. Create it or name another' },
  ENOTDIR: { ru: 'часть пути — файл, а не папка. Укажите другой путь', en: 'a part of the path is a file, not a folder. Name another path' },
  EISDIR: { ru: 'под этим именем есть папка. Укажите другое имя', en: 'a folder has that name. Name another file' },
  ENAMETOOLONG: { ru: 'имя слишком длинное. Укажите короче', en: 'the name is too long. Name a shorter one' },
  EACCES: noAccess,
  EPERM: noAccess,
  EROFS: noAccess,
  EBUSY: noAccess,
};

/** What the file system says against a file, in words; any other failure is left as it is. */
export function cannotSave(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = String(error.code);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('disk_full', { ru: `На диске нет места для файла ${file}.`, en: `The disk has no space for the file ${file}.` }, { cause: error });
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new Problem('invalid_request', { ru: `Файл ${file} не сохранён: ${reason.ru}.`, en: `The file ${file} was not saved: ${reason.en}.` }, { cause: error });
}
