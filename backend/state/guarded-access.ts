import { AsyncLocalStorage } from 'node:async_hooks';
import type { Db } from 'pg-boss';
import { databaseProblem } from './database-problem.ts';
import type { Engine, EngineTransaction } from './engine.ts';
import type { Parameter, Transaction } from './state.ts';

/** An engine behind the promises of `State`: only Problem is thrown, and a transaction cannot be stepped out of by mistake. */
export interface GuardedAccess extends Transaction {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** The open transaction as pg-boss takes it. */
  bossOf(transaction: Transaction): Db;
}

interface Scope {
  open: boolean;
}

export function guardAccess(engine: Engine): GuardedAccess {
  const scopes = new AsyncLocalStorage<Scope>();
  const openTransactions = new WeakMap<Transaction, Db>();
  const refuseInside = (): void => {
    // The embedded engine has one connection: this would wait for the transaction that waits for it.
    if (scopes.getStore()?.open) throw new Error('Inside a transaction, query through the transaction that was handed in.');
  };
  return {
    async query<T extends object>(sql: string, parameters: readonly Parameter[] = []) {
      refuseInside();
      return engine.query<T>(sql, parameters).catch(rethrow);
    },
    async transaction<T>(work: (transaction: Transaction) => Promise<T>) {
      refuseInside();
      const scope: Scope = { open: true };
      const own: { thrown?: unknown } = {};
      const run = async (inner: EngineTransaction): Promise<T> => {
        const transaction = transactionOver(inner);
        openTransactions.set(transaction, inner.boss);
        try {
          return await scopes.run(scope, () => work(transaction));
        } catch (error) {
          own.thrown = error;
          throw error;
        } finally {
          scope.open = false;
          openTransactions.delete(transaction);
        }
      };
      // What the caller's own work threw passes as it is; what the engine threw around it is translated.
      return engine.transaction(run).catch((error: unknown) => {
        throw error === own.thrown ? error : databaseProblem(error);
      });
    },
    bossOf(transaction) {
      const boss = openTransactions.get(transaction);
      if (!boss) throw new Error('A job is sent in an open transaction, together with the rows that it is about.');
      return boss;
    },
  };
}

function transactionOver(inner: EngineTransaction): Transaction {
  return { query: (sql, parameters = []) => inner.query<never>(sql, parameters).catch(rethrow) };
}

function rethrow(error: unknown): never {
  throw databaseProblem(error);
}
