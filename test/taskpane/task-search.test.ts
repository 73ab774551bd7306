import { expect, test } from 'vitest';
import { findTasks } from '../../addin/taskpane/task-search.ts';
import { sameText } from '../../shared/language.ts';
import type { TaskSummary } from '../../shared/task.ts';

function task(id: string, title: { ru: string; en: string }, description = ''): TaskSummary {
  return { id, kind: 'query', title, description: sameText(description), group: 'g', groupTitle: { ru: 'Выгрузки', en: 'Exports' }, owner: 'anna@company.example', status: 'published', favourite: false };
}

const tasks = [
  task('push-report', { ru: 'Отчёт по пушу', en: 'Report on a push' }, 'Кому отправили и кто прочитал'),
  task('partner-cards', { ru: 'Карты партнёра', en: 'Cards of a partner' }),
  task('plastic-cards', { ru: 'Пластиковые карты', en: 'Plastic cards' }, 'до подключения партнёра'),
];
const found = (search: string): string[] => findTasks(tasks, search).map(({ id }) => id);

test('case and ё do not matter', () => {
  expect(found('ОТЧЕТ')).toEqual(['push-report']);
  expect(found('отчёт')).toEqual(['push-report']);
});

test('a title comes before a description', () => {
  expect(found('партнёра')).toEqual(['partner-cards', 'plastic-cards']);
});

test.each(['партнра', 'партнеера', 'пвртнера', 'патрнера'])('one typing mistake is forgiven: %s', (typed) => {
  expect(found(typed)[0]).toBe('partner-cards');
});

test('the wrong keyboard layout is forgiven', () => {
  expect(found('rfhns gfhnythf')[0]).toBe('partner-cards');
  expect(found('зфкетук')[0]).toBe('partner-cards');
});

test('tasks that hold all words come alone, in either language and in the group', () => {
  expect(found('карты пластик')).toEqual(['plastic-cards']);
  expect(found('plastic')).toEqual(['plastic-cards']);
  expect(found('выгрузки')).toHaveLength(3);
});

test('a word that no task holds, such as a partner’s name, does not hide the others', () => {
  expect(found('карты ленты')).toContain('partner-cards');
  expect(found('карты пушу').length).toBeGreaterThan(1);
  expect(found('rfhns ktyns')).toContain('partner-cards');
});

test.each(['космос', '!!!', '   ', '(['])('finds nothing, and fails in no way, for %j', (typed) => {
  expect(found(typed)).toEqual([]);
});
