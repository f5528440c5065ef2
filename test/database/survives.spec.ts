import type { EntityManager } from 'typeorm';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open-database.js';
import { entities } from '../../src/entities.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
let database: Database;

beforeEach(async () => {
  test = await createTestDatabase();
  ({ database } = await openDatabase(test.settings, entities));
});

afterEach(async () => {
  await database.close();
  await test.drop();
});

/** How a transaction is flushed: SQLite's FULL is 2, its NORMAL 1; on Postgres it is `on`, and stays so. */
async function flushing(manager: EntityManager): Promise<unknown> {
  const sql = database.kind === 'sqlite' ? 'PRAGMA synchronous' : 'SHOW synchronous_commit';
  const [row] = await database.queryWith<Record<string, unknown>>(manager, sql);
  return Object.values(row ?? {})[0];
}

describe('what is written', () => {
  it('survives a power loss, but where it may be lost, and then only there', async () => {
    const [full, normal] = database.kind === 'sqlite' ? [2, 1] : ['on', 'on'];
    expect(await database.write(flushing)).toBe(full);
    const together = [
      database.write(flushing, 'crash'),
      database.write(flushing),
      database.write(() => Promise.reject(new Error('rolled back')), 'crash').catch(() => 'rolled back'),
      database.write(flushing),
    ];
    expect(await Promise.all(together)).toEqual([normal, full, 'rolled back', full]);
  });
});
