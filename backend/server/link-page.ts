import type { Language } from '../../shared/language.ts';

export interface LinkPage {
  fileName: string;
  title: string;
  rows: number;
  columns: number;
  expires: string;
  number: string;
  dataAsOf: string | null;
  fileAddress: string;
  /** Why its data was found to be wrong; '' where the reader is not to know more than that it was. */
  recalled: string | null;
}

const words = {
  ru: { other: 'en', otherName: 'English', rows: { one: 'строка', few: 'строки', other: 'строк', many: 'строк' }, columns: { one: 'столбец', few: 'столбца', other: 'столбцов', many: 'столбцов' }, until: 'Ссылка действует до', asOf: 'Данные по', download: 'Скачать', run: 'Запуск №', recalled: 'Осторожно: в этом файле нашли ошибку, он отозван.', gone: 'Ссылка не открывается', why: 'Она неверна, её срок вышел, или её отозвали. Попросите новую у того, кто её прислал.' },
  en: { other: 'ru', otherName: 'Русский', rows: { one: 'row', few: 'rows', other: 'rows', many: 'rows' }, columns: { one: 'column', few: 'columns', other: 'columns', many: 'columns' }, until: 'The link works until', asOf: 'Data as of', download: 'Download', run: 'Run №', recalled: 'Careful: a mistake was found in this file, it has been recalled.', gone: 'This link does not open', why: 'It is wrong, its time is over, or it was revoked. Ask whoever sent it for a new one.' },
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** One small page, complete in itself: its title is escaped here, its body by who wrote it. */
export function page(language: Language, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><title>${escape(title)}</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center;background:Canvas;color:CanvasText}
main{max-width:30rem;padding:1.5rem}h1{font-size:1.4rem;line-height:1.3;margin:0 0 .75rem;overflow-wrap:anywhere}p{margin:.25rem 0}
a{display:inline-block;margin-top:1.25rem;padding:.6rem 1.4rem;border-radius:4px;background:#0f6cbd;color:#fff;text-decoration:none;font-weight:600}
.recalled{border-left:4px solid #c50f1f;padding-left:.75rem;margin-bottom:.75rem;overflow-wrap:anywhere}
.other{margin-top:2rem}.other a{display:inline;margin:0;padding:0;background:none;color:LinkText;font-weight:400;text-decoration:underline}a:focus-visible{outline:3px solid Highlight;outline-offset:2px}
</style></head><body><main>${body}</main></body></html>`;
}

/** What a link opens: name, size, until when, and a button. Opening it downloads nothing. */
export function linkPage(language: Language, link: LinkPage): string {
  const w = words[language];
  const plural = new Intl.PluralRules(language);
  const counted = (value: number, forms: (typeof w)['rows']) => `${value.toLocaleString(language)} ${forms[plural.select(value) as keyof typeof forms] ?? forms.other}`;
  const lines = [
    link.title,
    `${counted(link.rows, w.rows)} · ${counted(link.columns, w.columns)}`,
    ...(link.dataAsOf === null ? [] : [`${w.asOf} ${link.dataAsOf}`]),
    `${w.run} ${link.number}`,
    `${w.until} ${link.expires}`,
  ];
  return page(language, link.fileName, `<h1>${escape(link.fileName)}</h1>${link.recalled === null ? '' : `<p class="recalled" role="alert"><strong>${w.recalled}</strong> ${escape(link.recalled)}</p>`}${lines.map((line) => `<p>${escape(line)}</p>`).join('')}<a href="${escape(link.fileAddress)}" rel="nofollow" download>${w.download}</a><p class="other"><a href="?lang=${w.other}" hreflang="${w.other}" lang="${w.other}">${w.otherName}</a></p>`);
}

/** The same for everything that is wrong with a link. */
export function goneLinkPage(language: Language): string {
  const w = words[language];
  return page(language, w.gone, `<h1>${w.gone}</h1><p>${w.why}</p>`);
}
