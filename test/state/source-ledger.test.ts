import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openState } from '../../backend/state/open-state.ts';
import { endOfSourceTables, openSourceLedger, tablesOfSources } from '../../backend/state/source-ledger.ts';
import type { State } from '../../backend/state/state.ts';
import { engines } from './postgres.ts';

describe.each(engines)('the ledger of sources on $name', ({ make }) => {
  let state: State;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const made = await make();
    remove = made.remove;
    state = await openState({ ...made.options, backups: false });
  });
  afterAll(async () => {
    await state?.close();
    await remove?.();
  });

  const two = () => [openSourceLedger(state), openSourceLedger(state)] as const;

  test('counts uses of two backends together, and says when one is free again', async () => {
    const [one, other] = two();
    const windows = [{ limit: 3, per: { seconds: 2 } }];
    const taken = await Promise.all([one, other, one, other, one].map((ledger) => ledger.take('uses', windows)));
    expect(taken.filter((use) => use.taken)).toHaveLength(3);
    const refused = await other.take('uses', windows);
    expect(refused).toMatchObject({ taken: false, window: windows[0] });
    if (!refused.taken) expect(refused.freeAt.getTime() - Date.now()).toBeLessThan(2_100);
    expect(await one.take('others', windows)).toEqual({ taken: true });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await one.take('uses', windows)).toEqual({ taken: true });
    expect(await one.usesThisMonth('uses')).toBe(4);
  });

  test('counts a calendar month from its first moment in UTC', async () => {
    const [one] = two();
    const now = new Date();
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
    for (const at of [new Date(first.getTime() - 1), first]) await state.query('INSERT INTO source_uses (name, used_at) VALUES ($1, $2)', ['month', at]);
    await one.take('month', [{ limit: 10, per: 'month' }]);
    expect(await one.usesThisMonth('month')).toBe(2);
    const refused = await one.take('month', [{ limit: 1, per: 'month' }]);
    expect(refused).toMatchObject({ taken: false });
    if (!refused.taken) expect(refused.freeAt.toISOString()).toBe(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString());
  });

  test('gives as many places as there are, and takes them back', async () => {
    const [one, other] = two();
    const places = await Promise.all([one, other, one].map((ledger) => ledger.lease('places', 2, 60)));
    expect(places.filter((place) => place !== undefined)).toHaveLength(2);
    await places.find((place) => place !== undefined)?.release();
    expect(await other.lease('places', 2, 60)).toBeDefined();
    expect(await other.lease('places', 2, 60)).toBeUndefined();
  });

  test('renews a place while it is held, and frees that of a dead backend', async () => {
    const [one] = two();
    const held = await one.lease('renewed', 1, 1);
    await state.query("INSERT INTO source_leases (name, slot, holder, expires_at) VALUES ('dead', 1, gen_random_uuid(), now() + interval '1 second')");
    expect(await one.lease('dead', 1, 1)).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await one.lease('renewed', 1, 1)).toBeUndefined();
    expect(await one.lease('dead', 1, 1)).toBeDefined();
    await held?.release();
    expect(await one.lease('renewed', 1, 1)).toBeDefined();
  });

  test('remembers notes until their time is over', async () => {
    const [one, other] = two();
    await one.remember('note', { request: ['я', 1] }, 60);
    expect(await other.recall('note')).toEqual({ request: ['я', 1] });
    await other.remember('note', null, 0);
    expect(await one.recall('note')).toBeUndefined();
    expect(await one.recall('nothing')).toBeUndefined();
  });

  test('knows the newest whole table, and gives older ones to clean-up an hour after their time', async () => {
    const [one, other] = two();
    await one.beginTable('cohort', 'table_1', 60);
    expect(await other.keptTable('cohort')).toBeUndefined();
    expect(await tablesOfSources(state)).toContain('table_1');
    await one.keepTable('table_1', { rows: 1 }, 60);
    await other.beginTable('cohort', 'table_2', 60);
    expect(await one.keptTable('cohort')).toEqual({ tableId: 'table_1', content: { rows: 1 } });
    await other.keepTable('table_2', { rows: 2 }, 60);
    expect(await one.keptTable('cohort')).toEqual({ tableId: 'table_2', content: { rows: 2 } });
    expect(await endOfSourceTables(state)).toEqual([]);
    await state.query("UPDATE source_tables SET expires_at = expires_at - interval '61 minutes' WHERE table_id = 'table_1'");
    expect(await endOfSourceTables(state)).toEqual(['table_1']);
    await one.forgetTable('table_2');
    expect(await tablesOfSources(state)).toEqual([]);
  });
});
