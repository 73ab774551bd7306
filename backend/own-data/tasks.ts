import type { OwnViewMaker } from './own-data.ts';

/** The catalog's tasks as they are in use now, retired ones included. */
export const tasks: OwnViewMaker = ({ catalog }) => ({
  name: 'tasks',
  columns: [
    { name: 'task', engineType: 'String' },
    { name: 'title_ru', engineType: 'String' },
    { name: 'title_en', engineType: 'String' },
    { name: 'task_group', engineType: 'String' },
    { name: 'kind', engineType: 'String' },
    { name: 'owner', engineType: 'String' },
    { name: 'status', engineType: 'String' },
    { name: 'saves_minutes', engineType: 'Nullable(Float64)' },
  ],
  rows: async function* () {
    for (const { id, title, group, kind, owner, status, saves } of catalog.tasks()) yield [id, title.ru, title.en, group, kind, owner, status, saves ?? null];
  },
});
