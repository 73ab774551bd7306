import { DateTime } from 'luxon';
import type { Language, LocalText } from '../../shared/language.ts';
import type { MessageContent } from './content.ts';
import type { IncidentRow } from './incident-store.ts';
import { sparkline } from './sparkline.ts';

export interface ComposeParts {
  timeZone: string;
  now: Date;
  path: (incident: string) => string;
}

const both = (words: (language: Language) => string): LocalText => ({ ru: words('ru'), en: words('en') });

function number(value: number, language: Language): string {
  return value.toLocaleString(language, { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 4 });
}

function time(at: Date, { timeZone, now }: ComposeParts, language: Language): string {
  const [local, today] = [DateTime.fromJSDate(at, { zone: timeZone }), DateTime.fromJSDate(now, { zone: timeZone })];
  const clock = local.toFormat('HH:mm');
  if (local.hasSame(today, 'day')) return clock;
  const day = local.setLocale(language).toLocaleString({ day: 'numeric', month: 'long' });
  return clock === '00:00' ? day : `${day}, ${clock}`;
}

/** "−42 %": against the nearer edge's middle, where there is one. */
function change({ finding }: IncidentRow): string {
  const { value, low, high } = finding;
  if (value === null || low === null || high === null || low + high <= 0) return '';
  const share = Math.round((value / ((low + high) / 2) - 1) * 100);
  return share === 0 ? '' : `${share < 0 ? '−' : '+'}${Math.abs(share)} %`;
}

function against({ finding }: IncidentRow): LocalText {
  const { value, low, high } = finding;
  return both((language) => {
    const shown = value === null ? { ru: 'нет данных', en: 'no data' }[language] : number(value, language);
    const range = [low, high].filter((edge) => edge !== null).map((edge) => number(edge, language)).join('–');
    return range === '' ? shown : `${shown} (${{ ru: 'обычно', en: 'expected' }[language]} ${range})`;
  });
}

function itemOf(row: IncidentRow, parts: ComposeParts): MessageContent['items'][number] {
  const figures = against(row);
  return {
    name: row.finding.title,
    text: both((language) => [change(row), figures[language], `${{ ru: 'с', en: 'since' }[language]} ${time(row.since, parts, language)}`].filter((part) => part !== '').join(', ')),
    sparkline: sparkline(row.finding.points),
  };
}

function links(row: IncidentRow, { path }: ComposeParts): MessageContent['links'] {
  return [{ label: { ru: 'Открыть, заглушить, это норма', en: 'Open, mute, this is normal' }, address: path(row.id) }];
}

const verbs: Record<'up' | 'down', LocalText> = { up: { ru: 'выше обычного', en: 'above the usual' }, down: { ru: 'ниже обычного', en: 'below the usual' } };

function headline(row: IncidentRow, parts: ComposeParts): LocalText {
  const figures = change(row);
  const what = (language: Language): string => (row.finding.value === null ? '' : `: ${figures === '' ? verbs[row.direction][language] : figures}`);
  return both((language) => `${row.finding.title[language]}${what(language)}, ${{ ru: 'с', en: 'since' }[language]} ${time(row.since, parts, language)}`);
}

/** What one incident has to say: figures, unusualness, what happened before, driver, what to look at. */
function details(row: IncidentRow, explained: IncidentRow[]): LocalText[] {
  const { unusual, before = [], driver, check } = row.finding;
  const figures = against(row);
  const prefixed = (words: LocalText, text: LocalText | undefined): LocalText[] => (text === undefined ? [] : [both((language) => `${words[language]}: ${text[language]}`)]);
  return [
    both((language) => `${figures[language]}${unusual === undefined ? '' : ` · ${unusual[language]}`}`),
    both(() => sparkline(row.finding.points)),
    ...before.slice(0, 3).flatMap((text) => prefixed({ ru: 'Незадолго до этого', en: 'Just before' }, text)),
    ...prefixed({ ru: 'Главный вклад', en: 'Main driver' }, driver),
    ...prefixed({ ru: 'Что посмотреть', en: 'Look first at' }, check),
    ...(explained.length === 0 ? [] : [both((language) => `${{ ru: 'Вместе с этим', en: 'Together with it' }[language]}: ${explained.slice(0, 5).map(({ finding }) => finding.title[language]).join(', ')}${explained.length > 5 ? ` + ${explained.length - 5}` : ''}`)]),
  ].filter(({ ru }) => ru !== '');
}

const direction = (rows: IncidentRow[]): LocalText | undefined => {
  const kinds = new Set(rows.map((row) => row.direction));
  return kinds.size === 1 ? verbs[rows[0]?.direction ?? 'up'] : { ru: 'вне обычного', en: 'outside the usual' };
};

function series(count: number, language: Language): string {
  if (language === 'en') return `${count} series`;
  const form = new Intl.PluralRules('ru').select(count);
  return `${count} ${form === 'one' ? 'ряд' : form === 'few' ? 'ряда' : 'рядов'}`;
}

function mentionOf(rows: IncidentRow[]): Pick<MessageContent, 'mention'> {
  const mention = rows.find(({ importance, finding }) => importance === 'critical' && finding.mention !== undefined)?.finding.mention;
  return mention === undefined ? {} : { mention };
}

/** One message for everything that began, or goes on, in one look; the heaviest first. */
export function troubleMessage(rows: IncidentRow[], explained: IncidentRow[], parts: ComposeParts & { again: boolean }): MessageContent {
  const [first, ...others] = [...rows].sort((one, other) => other.finding.score - one.finding.score) as [IncidentRow, ...IncidentRow[]];
  const still = (text: LocalText): LocalText => (parts.again ? { ru: `Всё ещё: ${text.ru}`, en: `Still: ${text.en}` } : text);
  const common = { tone: 'trouble' as const, chart: { incident: first.id, points: first.finding.points }, links: links(first, parts), ...mentionOf(rows) };
  if (others.length === 0) return { ...common, title: still(headline(first, parts)), lines: details(first, explained), items: [] };
  const where = direction(rows);
  return { ...common, title: still(both((language) => `${series(rows.length + explained.length, language)} ${where?.[language] ?? ''}`)), lines: [], items: [first, ...others].map((row) => itemOf(row, parts)) };
}

export function recoveryMessage(rows: IncidentRow[], parts: ComposeParts): MessageContent {
  const [first] = rows as [IncidentRow, ...IncidentRow[]];
  const lasted = (row: IncidentRow) => both((language) => `${{ ru: 'с', en: 'from' }[language]} ${time(row.since, parts, language)}`);
  return {
    tone: 'recovered',
    title: rows.length === 1 ? both((language) => `${{ ru: 'Снова в норме', en: 'Back to normal' }[language]}: ${first.finding.title[language]}`) : both((language) => `${{ ru: 'Снова в норме', en: 'Back to normal' }[language]}: ${series(rows.length, language)}`),
    lines: rows.length === 1 ? [both((language) => `${{ ru: 'Было иначе', en: 'It was not' }[language]} ${lasted(first)[language]}`)] : [],
    items: rows.length === 1 ? [] : rows.map((row) => ({ name: row.finding.title, text: lasted(row), sparkline: sparkline(row.finding.points) })),
    links: links(first, parts),
  };
}

/** Once a day: what was not told by itself, and new levels that have become normal. */
export function digestMessage(untold: IncidentRow[], absorbed: IncidentRow[], parts: ComposeParts): MessageContent {
  const newLevel = (row: IncidentRow): LocalText => both((language) => `${{ ru: 'новый уровень стал обычным', en: 'the new level has become normal' }[language]}: ${row.finding.value === null ? '—' : number(row.finding.value, language)}`);
  return {
    tone: 'news',
    title: both((language) => `${{ ru: 'За сутки', en: 'In the last day' }[language]}: ${series(untold.length + absorbed.length, language)} ${{ ru: 'вне обычного', en: 'outside the usual' }[language]}`),
    lines: [],
    items: [...untold.map((row) => itemOf(row, parts)), ...absorbed.map((row) => ({ name: row.finding.title, text: newLevel(row), sparkline: sparkline(row.finding.points) }))],
    links: [],
  };
}
