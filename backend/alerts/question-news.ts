import type { LocalText } from '../../shared/language.ts';
import type { Question } from '../../shared/question.ts';
import type { AlertEvent } from './alerts.ts';

const longest = 400;

/** Plain words of the person who asked, short enough for a channel. */
function said(text: string): LocalText {
  const short = [...text].length > longest ? `${[...text].slice(0, longest).join('')}…` : text;
  return { ru: short, en: short };
}

/** What analysts hear of a colleague's request: that it came, and how it ended. */
export function questionNews({ id, state, text, askedBy, byWhen, answer, answeredBy }: Question): AlertEvent | undefined {
  const key = `question/${id}/${state}`;
  switch (state) {
    case 'new':
      return {
        key,
        tone: 'news',
        title: { ru: `Просьба аналитикам от ${askedBy}`, en: `A request to analysts from ${askedBy}` },
        lines: [said(text), ...(byWhen === null ? [] : [{ ru: `К сроку: ${byWhen}`, en: `By: ${byWhen}` }])],
      };
    case 'done':
    case 'declined':
    case 'became_task':
      return { key, tone: 'recovered', title: { ru: `${answeredBy ?? ''} ответил(а) на просьбу ${askedBy}`, en: `${answeredBy ?? ''} answered the request of ${askedBy}` }, lines: [said(text), ...(answer === null || answer === '' ? [] : [said(answer)])] };
    case 'taken':
      return undefined;
  }
}
