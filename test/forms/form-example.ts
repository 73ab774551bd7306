import type { Field, Task } from '../../backend/catalog/task.ts';
import { fieldKindOf, type FieldKindName } from '../../shared/fields/index.ts';

/** A field as the catalog makes it: settings parsed by its kind, required unless said otherwise. */
export function fieldOf(name: string, kind: FieldKindName, more: Partial<Field> = {}): Field {
  return {
    name,
    kind,
    label: { ru: `Поле ${name}`, en: `Field ${name}` },
    required: kind !== 'toggle',
    searchesItself: false,
    dependsOn: [],
    ...more,
    settings: fieldKindOf(kind).settings.parse(more.settings ?? {}),
  };
}

/** A task with this form and nothing to run. */
export function taskOf(fields: Field[], more: Partial<Task> = {}): Task {
  return {
    kind: 'query',
    section: null,
    id: 'example',
    version: '1',
    formerIds: [],
    title: { ru: 'Пример', en: 'Example' },
    description: { ru: '', en: '' },
    group: 'exports',
    groupTitle: { ru: 'Выгрузки', en: 'Exports' },
    owner: 'anna@company.example',
    status: 'published',
    fileName: { ru: '', en: '' },
    fields,
    steps: [],
    columns: {},
    results: [],
    needsComplete: false,
    limits: { timeSeconds: 10, rows: 1000, memoryBytes: 1e9 },
    examples: [],
    changes: [],
    ...more,
  };
}

export const moscow = { zone: 'Europe/Moscow', today: '2026-11-22' };
export const maria = { person: { id: 'maria@company.example' }, context: moscow };
