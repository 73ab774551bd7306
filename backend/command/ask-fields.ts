import type { Language } from '../../shared/language.ts';
import { fieldName } from '../template/index.ts';
import type { Proposal } from '../authoring/index.ts';

/** Puts a question to the person at the terminal. */
export type Ask = (question: string) => Promise<string>;

export const words = {
  makeField: { ru: 'Сделать полем формы?', en: 'Make it a field of the form?' },
  name: { ru: 'имя в запросе', en: 'name in the query' },
  label: { ru: 'подпись', en: 'label' },
  badName: { ru: 'Нужны латинские буквы, цифры и _, первая — строчная буква, и имя, которого ещё нет.', en: 'Use latin letters, digits and _, beginning with a small letter, and a name that is not taken.' },
  stays: { ru: 'остаётся в запросе:', en: 'stays in the query:' },
  fixedDate: {
    ru: (text: string, line: number) => `строка ${line}: дата ${text} остаётся в запросе как есть. Проверьте, нужна ли она через месяц.`,
    en: (text: string, line: number) => `line ${line}: the date ${text} stays in the query as it is. Check whether it will be wanted next month.`,
  },
  next: {
    ru: (task: string) => `Дальше: исправьте подписи и описание в файле; tasksheet run ${task} --watch показывает строки при каждом сохранении; потом status: published.`,
    en: (task: string) => `Next: mend labels and description in the file; tasksheet run ${task} --watch shows rows on every save; then status: published.`,
  },
};

/** An answer, or what was proposed when the person only presses Enter. */
export async function askWithDefault(ask: Ask, question: string, proposed: string): Promise<string> {
  return (await ask(`${question} [${proposed}]: `)).trim() || proposed;
}

async function askYes(ask: Ask, question: string, proposed: boolean): Promise<boolean> {
  const answer = (await ask(`${question} [${proposed ? 'Y/n' : 'y/N'}]: `)).trim().toLowerCase();
  return answer === '' ? proposed : /^[yд]/.test(answer);
}

async function askName(ask: Ask, proposed: string, { taken, language, complaint = '' }: { taken: Set<string>; language: Language; complaint?: string }): Promise<string> {
  const name = await askWithDefault(ask, `${complaint}    ${words.name[language]}`, proposed);
  const isFit = fieldName.test(name) && name !== 'search' && !(name in Object.prototype) && !taken.has(name);
  return isFit ? name : askName(ask, proposed, { taken, language, complaint: `    ${words.badName[language]}\n` });
}

/** Asks about each value of the query: whether it becomes a field, under which name and labels. */
export async function askFields(proposals: Proposal[], ask: Ask, language: Language): Promise<Proposal[]> {
  const taken = new Set<string>();
  const chosen: Proposal[] = [];
  for (const proposal of proposals) {
    const places = proposal.places.map(({ line, text }) => `  ${line}: ${text}`).join('\n');
    const remarks = proposal.remarks.map((remark) => `\n    ! ${remark[language]}`).join('');
    if (!(await askYes(ask, `\n${places}  → ${proposal.kind}${proposal.use === undefined ? '' : ` (${proposal.use})`}${remarks}\n  ${words.makeField[language]}`, proposal.isSuggested))) continue;
    const name = await askName(ask, proposal.name, { taken, language });
    taken.add(name);
    const label = proposal.use === undefined ? { ru: await askWithDefault(ask, `    ${words.label[language]}, ru`, proposal.label.ru), en: await askWithDefault(ask, `    ${words.label[language]}, en`, proposal.label.en) } : proposal.label;
    chosen.push({ ...proposal, name, label });
  }
  return chosen;
}
