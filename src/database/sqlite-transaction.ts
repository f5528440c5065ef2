import { setTimeout as delay } from 'node:timers/promises';
import { driverCode } from './driver-code.js';
import type { SqliteStatements } from './sqlite-statements.js';

const LOCK_RETRY_MS = 20;

/**
 * Runs `work` in one transaction that holds SQLite's write lock from the start: a deferred one that has read fails as soon
 * as another process commits, whatever the busy time-out (https://www.sqlite.org/lang_transaction.html). Waits for other
 * processes until `deadline`, in milliseconds since the Unix epoch.
 */
export async function inTransaction<T>(
  statements: SqliteStatements,
  deadline: number,
  work: () => Promise<T>,
): Promise<T> {
  await beginImmediate(statements, deadline);
  try {
    const result = await work();
    statements.run('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some faults (a full disk, say).
    if (statements.connection.inTransaction) statements.run('ROLLBACK');
    throw error;
  }
}

async function beginImmediate(statements: SqliteStatements, deadline: number): Promise<void> {
  for (;;) {
    try {
      statements.run('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!driverCode(error)?.startsWith('SQLITE_BUSY') || Date.now() >= deadline) throw error;
    }
    await delay(LOCK_RETRY_MS);
  }
}
