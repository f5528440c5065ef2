import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Ended, runToEnd } from '../support/run-to-end.js';
import { startServer } from '../support/server-process.js';

describe('TypeORM’s own command line, on ormconfig.ts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-typeorm-'));
  const file = join(folder, 'students.db');
  const env = { DATABASE_URL: `sqlite:${file}` };
  /** What `npm run typeorm -- …` runs, less the build. */
  const typeorm = (...parameters: string[]): Promise<Ended> =>
    runToEnd(['node_modules/typeorm/cli.js', '-d', 'dist/ormconfig.js', ...parameters], { env });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs the migrations, on which the server starts', async () => {
    expect(await typeorm('migration:run')).toMatchObject({ code: 0 });
    const database = new Sqlite(file, { readonly: true });
    const columns = database.pragma('table_info(student)') as { name: string }[];
    database.close();
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['id', 'public_id', 'name', 'email', 'password', 'role']),
    );
    const server = await startServer(env);
    expect(server.output()).not.toContain('schema brought up to date');
    expect(await server.stop()).toBe(0);
  });

  it('finds nothing left to generate', async () => {
    const generated = await typeorm('migration:generate', join(folder, 'drift'));
    expect(generated.stdout + generated.stderr).toContain('No changes in database schema were found');
    expect(readdirSync(folder).filter((name) => name.includes('drift'))).toEqual([]);
  });
});
