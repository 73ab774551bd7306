import { Problem } from '../../shared/problem.ts';
import type { AccessRules, Task } from '../catalog/task.ts';

/** What a role may do besides seeing its groups' tasks. */
export const abilities = ['run', 'author', 'schedule', 'commit', 'draw', 'decide', 'personal', 'operate'] as const;
export type Ability = (typeof abilities)[number];

/** What one person may do, by the rules of the moment. Asked for anew on each request: it changes with the catalog. */
export interface Access {
  person: string;
  role: string;
  may: ReadonlySet<string>;
  groups: ReadonlySet<string> | 'all';
}

/** What of a task decides who may use it. */
export type TaskRights = Pick<Task, 'id' | 'title' | 'group' | 'owner' | 'status' | 'testers' | 'replacedBy'>;

/** One spelling for one person: addresses are compared without case and outer blanks. */
export function personId(text: string): string {
  return text.trim().toLowerCase();
}

export function isKnown(rules: AccessRules, person: string): boolean {
  return roleOf(rules, person) !== undefined;
}

/** Refuses a person whom access.yaml does not name, or whose role it does not define. */
export function accessOf(rules: AccessRules, person: string): Access {
  const found = roleOf(rules, person);
  if (!found) throw unknownPerson(person);
  const { name, role } = found;
  return { person: personId(person), role: name, may: new Set(role.may), groups: role.groups === 'all' ? 'all' : new Set(role.groups) };
}

/** Whether the task is this person's to see: by group, and drafts for their owner, their testers and for authors alone. */
export function maySee(access: Access, task: TaskRights): boolean {
  if (personId(task.owner) === access.person) return true;
  if (task.status === 'draft' && task.testers?.some((tester) => personId(tester) === access.person) === true) return true;
  if (access.groups !== 'all' && !access.groups.has(task.group)) return false;
  return task.status !== 'draft' || access.may.has('author');
}

export function mayRun(access: Access, task: TaskRights): boolean {
  return access.may.has('run') && task.status !== 'retired' && maySee(access, task);
}

/** The same with the reason in words. A task that is not theirs to see looks as if it were not there. */
export function requireRun(access: Access, task: TaskRights): void {
  if (!maySee(access, task)) throw unknownTask(task.id);
  if (task.status === 'retired') throw retired(task);
  requireAbility(access, 'run');
}

export function requireAbility(access: Access, ability: Ability): void {
  if (!access.may.has(ability)) throw notAllowed(access, ability);
}

/** Columns marked `personal` are left out for everyone else. */
export function maySeePersonal(access: Access): boolean {
  return access.may.has('personal');
}

/** What a person entered and received is theirs alone. */
export function maySeeRun(access: Access, run: { person: string }): boolean {
  return personId(run.person) === access.person;
}

export function mayRevoke(access: Access, link: { person: string }): boolean {
  return personId(link.person) === access.person || access.may.has('operate');
}

export function mayAnswer(access: Access, question: { owner: string | null }): boolean {
  return access.may.has('author') || (question.owner !== null && personId(question.owner) === access.person);
}

/** Equal for people for whom the same question has the same answer: only what is left out of results counts. */
export function rightsKey(access: Access): string {
  return maySeePersonal(access) ? 'personal' : 'plain';
}

type Role = AccessRules['roles'][string];

function roleOf({ people, roles }: AccessRules, person: string): { name: string; role: Role } | undefined {
  const wanted = personId(person);
  const entry = Object.entries(people).find(([name]) => personId(name) === wanted);
  if (!entry) return undefined;
  const [, name] = entry;
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  return role && { name, role };
}

function unknownPerson(person: string): Problem {
  return new Problem('not_allowed', {
    ru: `У ${person} нет доступа к Tasksheet. Попросите аналитика добавить вас в access.yaml.`,
    en: `${person} has no access to Tasksheet. Ask an analyst to add you to access.yaml.`,
  });
}

/** The same words for a task that is not there and one that is not theirs to see. */
export function unknownTask(id: string): Problem {
  return new Problem('not_found', {
    ru: `Задачи «${id}» нет, или она вам не открыта. Спросите аналитика.`,
    en: `There is no task "${id}", or it is not open to you. Ask an analyst.`,
  });
}

function retired({ title, replacedBy }: TaskRights): Problem {
  return new Problem('task_retired', {
    ru: `Задача «${title.ru}» больше не используется.${replacedBy ? ` Вместо неё: ${replacedBy}.` : ''}`,
    en: `The task "${title.en}" is no longer used.${replacedBy ? ` Use ${replacedBy} instead.` : ''}`,
  });
}

function notAllowed(access: Access, ability: Ability): Problem {
  return new Problem('not_allowed', {
    ru: `Роли «${access.role}» это не разрешено (${ability}). Право даёт аналитик в access.yaml.`,
    en: `The role "${access.role}" may not do this (${ability}). An analyst grants it in access.yaml.`,
  });
}
