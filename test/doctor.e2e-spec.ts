import { diagnose } from '../src/cli/doctor/diagnose.js';
import { lineOf } from '../src/cli/doctor/finding.js';
import type { DatabaseSettings } from '../src/config/settings.js';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { createTestDatabase, databaseKind } from './support/test-database.js';
import { testSettings } from './support/test-settings.js';

const MINUTE = 60_000;

describe('doctor, of the database', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    await new Client(test.url).join();
  });
  afterAll(() => test.close());

  async function linesOf(database: DatabaseSettings = test.settings.database): Promise<string[]> {
    return (await diagnose(testSettings(database), test.clock)).map(lineOf);
  }

  async function write(sql: string): Promise<void> {
    await test.database.write((manager) => manager.query(sql));
  }

  it('finds nothing to mend in one that runs', async () => {
    const lines = await linesOf();
    expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
      'ok   secret and keys',
      'ok   clock',
      'ok   database',
      'ok   schema',
      'ok   free disk',
      'ok   open door',
    ]);
  });

  it('fails for a clock that is more than 60 s from the database’s', async () => {
    test.clock.advance(2 * MINUTE);
    expect(await linesOf()).toContainEqual(
      expect.stringMatching(/^fail clock: 1\d\d s from the database's; 60 s is the most\.$/),
    );
    test.clock.advance(-2 * MINUTE);
  });

  it('fails for a clock that is before the newest row', async () => {
    const soon = test.clock.now() + 20_000;
    const told = 'fail clock: 20 s before the newest row: it has been set back.';
    for (const [table, column] of [
      ['student', 'created_at'],
      ['known_address', 'last_login_at'],
      ['session', 'ended_at'],
    ] as const) {
      const [row] = await test.database.query<Record<string, unknown>>(`SELECT ${column} FROM ${table}`);
      await write(`UPDATE ${table} SET ${column} = ${soon}`);
      expect(await linesOf()).toContain(told);
      await write(`UPDATE ${table} SET ${column} = ${String(row?.[column])}`);
    }
    await write(`INSERT INTO refresh_token (hash, session_id, spent_at, successor)
      SELECT 'of a refresh', id, ${soon}, 'sealed' FROM session`);
    expect(await linesOf()).toContain(told);
    await write('DELETE FROM refresh_token');
  });

  it('fails for a schema that is not up to date, and for a newer one, and changes neither', async () => {
    const executed = await test.database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    const last = executed.at(-1)?.name ?? '';
    const renamed = 'FromTheFuture9999999999999';
    await write(`UPDATE migrations SET name = '${renamed}' WHERE name = '${last}'`);
    expect(await linesOf()).toContain(
      `fail schema: made by a newer student-auth (it holds ${renamed}): update this one.`,
    );
    await write(`UPDATE migrations SET name = 'Kept' WHERE name = '${renamed}'`);
    await write(`DELETE FROM migrations WHERE name = 'Kept'`);
    const lines = await linesOf();
    expect(lines).toContain(
      `fail schema: not up to date (${last}): run the command migrate, or start the server.`,
    );
    expect(await linesOf()).toEqual(lines);
  });

  it('fails for an empty one, and leaves it empty', async () => {
    const empty = await createTestDatabase();
    try {
      const lines = await linesOf(empty.settings);
      const database = lines.filter((line) => line.startsWith('fail'));
      expect(database[0]).toMatch(
        databaseKind === 'sqlite' ? /^fail clock: not checked/ : /^fail schema: not/,
      );
      expect(await linesOf(empty.settings)).toEqual(lines);
    } finally {
      await empty.drop();
    }
  });

  it('fails for one that cannot be reached, without a word of its address', async () => {
    const url = 'postgres://canary-user:canary-password@127.0.0.1:1/canary';
    const lines = await linesOf({ kind: 'postgres', url });
    expect(lines).toContain('fail database: The Postgres of DATABASE_URL cannot be read (ECONNREFUSED).');
    expect(lines).toContain('fail schema: not checked, as the database cannot be read.');
    expect(lines.join()).not.toContain('canary');
  });
});
