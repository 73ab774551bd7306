import type { TaskRights } from '../../backend/access/access.ts';
import type { AccessRules } from '../../backend/catalog/task.ts';

/** The rules of DESIGN 5.1, with one person a role. */
export const rules: AccessRules = {
  roles: {
    manager: { may: ['run'], groups: ['exports'] },
    analyst: { may: ['run', 'author', 'schedule', 'commit', 'draw', 'personal'], groups: 'all' },
    operator: { may: ['operate'], groups: [] },
  },
  people: { 'maria@company.example': 'manager', 'Anna@Company.example': 'analyst', 'oleg@company.example': 'operator', 'ghost@company.example': 'nobody' },
};

export function task(change: Partial<TaskRights> = {}): TaskRights {
  return { id: 'partner-cards', title: { ru: 'Карты партнёра', en: 'Cards of a partner' }, group: 'exports', owner: 'anna@company.example', status: 'published', ...change };
}
