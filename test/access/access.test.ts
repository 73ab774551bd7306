import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { accessOf, isKnown, mayAnswer, mayRevoke, mayRun, maySee, maySeePersonal, maySeeRun, requireAbility, requireRun, rightsKey } from '../../backend/access/access.ts';
import { rules, task } from './people.ts';

const maria = accessOf(rules, 'maria@company.example');
const anna = accessOf(rules, 'anna@company.example');
const oleg = accessOf(rules, 'oleg@company.example');

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was allowed');
}

describe('who a person is', () => {
  it('comes from access.yaml, whatever the case of the address', () => {
    expect(maria).toMatchObject({ person: 'maria@company.example', role: 'manager' });
    expect(accessOf(rules, ' MARIA@company.Example ')).toEqual(maria);
    expect(anna.person).toBe('anna@company.example');
  });

  it.each(['', 'stranger@company.example', 'ghost@company.example', '__proto__', 'constructor', 'toString', 'maria@company.example\u0000'])('is refused when the file does not name %j with a role that exists', (person) => {
    expect(problemOf(() => accessOf(rules, person)).code).toBe('not_allowed');
    expect(isKnown(rules, person)).toBe(false);
  });

  it('is refused when the role is a name that every object has', () => {
    expect(problemOf(() => accessOf({ roles: rules.roles, people: { 'eve@company.example': 'constructor' } }, 'eve@company.example')).code).toBe('not_allowed');
  });
});

describe('a task', () => {
  it('is for the groups of the role', () => {
    expect(mayRun(maria, task())).toBe(true);
    expect(maySee(maria, task({ group: 'mailings' }))).toBe(false);
    expect(mayRun(anna, task({ group: 'mailings' }))).toBe(true);
  });

  it('in draft is also for its testers, whatever their groups, and only while it is a draft', () => {
    const tried = task({ status: 'draft', group: 'elsewhere', testers: ['Maria@company.example'] });
    expect(mayRun(maria, tried)).toBe(true);
    expect(maySee(oleg, tried)).toBe(false);
    expect(mayRun(maria, { ...tried, status: 'published' })).toBe(false);
  });

  it('in draft is for its owner and for authors alone', () => {
    const draft = task({ status: 'draft' });
    expect(mayRun(maria, draft)).toBe(false);
    expect(mayRun(anna, draft)).toBe(true);
    expect(mayRun(maria, { ...draft, owner: 'Maria@company.example', group: 'elsewhere' })).toBe(true);
  });

  it('that is retired runs for nobody, and says what to use instead', () => {
    const old = task({ status: 'retired', replacedBy: 'cards' });
    expect(mayRun(anna, old)).toBe(false);
    const problem = problemOf(() => { requireRun(maria, old); });
    expect(problem.code).toBe('task_retired');
    expect(problem.text.ru).toContain('Вместо неё: cards');
  });

  it('that is not theirs looks as if it were not there, retired or not', () => {
    for (const hidden of [task({ group: 'mailings' }), task({ status: 'draft' }), task({ group: 'mailings', status: 'retired' })])
      expect(problemOf(() => { requireRun(maria, hidden); }).code).toBe('not_found');
  });

  it('is not run by a role without the right to run, though it sees the group', () => {
    const watcher = { ...oleg, groups: 'all' as const };
    expect(maySee(watcher, task())).toBe(true);
    expect(mayRun(watcher, task())).toBe(false);
    expect(problemOf(() => { requireRun(watcher, task()); }).code).toBe('not_allowed');
  });
});

describe('other rights', () => {
  it('personal columns are for those who have the right, and only that makes answers differ', () => {
    expect(maySeePersonal(maria)).toBe(false);
    expect(maySeePersonal(anna)).toBe(true);
    expect(rightsKey(maria)).toBe(rightsKey(oleg));
    expect(rightsKey(maria)).not.toBe(rightsKey(anna));
  });

  it('a run is its own person’s alone, analysts included', () => {
    expect(maySeeRun(maria, { person: 'Maria@company.example' })).toBe(true);
    expect(maySeeRun(anna, { person: 'maria@company.example' })).toBe(false);
  });

  it('a link is revoked by its creator or an operator', () => {
    const link = { person: 'maria@company.example' };
    expect([maria, anna, oleg].map((access) => mayRevoke(access, link))).toEqual([true, false, true]);
  });

  it('a question is answered by its owner or an author', () => {
    expect(mayAnswer(maria, { owner: 'maria@company.example' })).toBe(true);
    expect(mayAnswer(maria, { owner: null })).toBe(false);
    expect(mayAnswer(anna, { owner: null })).toBe(true);
  });

  it('a missing ability is refused by name', () => {
    expect(problemOf(() => { requireAbility(maria, 'operate'); }).text.en).toContain('"manager" may not do this (operate)');
    expect(() => { requireAbility(oleg, 'operate'); }).not.toThrow();
  });
});
