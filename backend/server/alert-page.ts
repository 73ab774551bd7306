import type { Incident } from '../../shared/alert.ts';
import type { Language } from '../../shared/language.ts';

export interface AlertPage {
  incident: Incident;
  /** When it began, in local words. */
  since: string;
  /** Where the form goes, and where the picture is. */
  path: string;
  /** Said above everything, after a deed or a mistake. */
  notice?: string;
}

export const alertWords = {
  ru: {
    state: { pending: 'проверяется', firing: 'только что началось', ongoing: 'продолжается', resolved: 'снова в норме', absorbed: 'принято за новую норму', muted: 'заглушено' },
    since: 'с', expected: 'обычно', noData: 'нет данных',
    who: 'Ваше имя', reason: 'Почему (увидят коллеги)', acknowledge: 'Вижу, разбираюсь', mute: 'Заглушить на', hours: ['4 часа', 'сутки', 'неделю'],
    expectedButton: 'Так и должно быть', expectedHelp: 'Например, рассылка или праздник: этот отрезок не будет считаться обычным.', normal: 'Это новая норма', normalHelp: 'С этого момента таким и ожидать.', thanks: 'Записано, спасибо.', needed: 'Напишите имя, а для нормы и ожидаемого ещё и причину.', by: 'Взял в работу', muted: 'Заглушено до',
  },
  en: {
    state: { pending: 'being checked', firing: 'has just begun', ongoing: 'goes on', resolved: 'back to normal', absorbed: 'taken as the new normal', muted: 'muted' },
    since: 'since', expected: 'expected', noData: 'no data',
    who: 'Your name', reason: 'Why (colleagues will see it)', acknowledge: 'I am on it', mute: 'Mute for', hours: ['4 hours', 'a day', 'a week'],
    expectedButton: 'It is expected', expectedHelp: 'A mailing or a holiday, say: this stretch will not count as usual.', normal: 'This is the new normal', normalHelp: 'From here on expect it like this.', thanks: 'Noted, thank you.', needed: 'Give your name, and for the normal and the expected a reason too.', by: 'In the hands of', muted: 'Muted until',
  },
};

export const muteHours = [4, 24, 168];

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}main{max-width:44rem;margin:auto;padding:1.5rem}h1{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem;overflow-wrap:anywhere}img{max-width:100%;border-radius:6px}
p{margin:.3rem 0}small{opacity:.8;display:block}label{display:block;margin:.75rem 0 .2rem;font-weight:600}input,select{font:inherit;padding:.45rem;width:100%;box-sizing:border-box}fieldset{border:0;padding:0;margin:1rem 0 0;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}select{width:auto}
button{font:inherit;font-weight:600;padding:.55rem 1.1rem;border:1px solid #0f6cbd;border-radius:4px;background:#0f6cbd;color:#fff;cursor:pointer}.notice{border-left:4px solid #0f6cbd;padding-left:.75rem}button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid Highlight;outline-offset:2px}`;

/** What a message's link opens: the incident, its picture, and buttons. Merely opening it changes nothing: robots open links. */
export function alertPage(language: Language, { incident, since, path, notice }: AlertPage): string {
  const w = alertWords[language];
  const title = incident.title[language];
  const shown = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 2 });
  const range = [incident.low, incident.high].filter((edge) => edge !== null).map(shown).join('–');
  const figures = `${incident.value === null ? w.noData : shown(incident.value)}${range === '' ? '' : ` (${w.expected} ${range})`}`;
  const said = [...(incident.acknowledgedBy === null ? [] : [`${w.by}: ${incident.acknowledgedBy}`])];
  const options = muteHours.map((hours, place) => `<option value="${hours}"${hours === 24 ? ' selected' : ''}>${w.hours[place] ?? ''}</option>`).join('');
  const button = (decision: string, label: string, help = '') => `<button name="decision" value="${decision}">${label}</button>${help === '' ? '' : `<small>${help}</small>`}`;
  const form =
    incident.closedAt === null
      ? `<form method="post" action="${escapeHtml(path)}"><label for="person">${w.who}</label><input id="person" name="person" maxlength="100" autocomplete="name"><label for="reason">${w.reason}</label><input id="reason" name="reason" maxlength="500">
<fieldset>${button('acknowledged', w.acknowledge)}</fieldset><fieldset>${button('muted', w.mute)}<select name="hours" aria-label="${w.mute}">${options}</select></fieldset>
<fieldset>${button('expected', w.expectedButton, w.expectedHelp)}</fieldset><fieldset>${button('newNormal', w.normal, w.normalHelp)}</fieldset></form>`
      : '';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>
${notice === undefined ? '' : `<p class="notice" role="status">${escapeHtml(notice)}</p>`}<h1>${escapeHtml(title)}</h1><p>${escapeHtml(figures)}, ${w.since} ${escapeHtml(since)}</p><p>№ ${incident.number}, ${w.state[incident.state]}</p>${said.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}
${incident.points.length === 0 ? '' : `<p><img src="${escapeHtml(path)}/chart.png" width="800" height="320" alt="${escapeHtml(`${title}: ${figures}`)}"></p>`}${form}</main></body></html>`;
}
