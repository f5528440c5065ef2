import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseSettings } from '../../src/config/settings.js';

export type DatabaseKind = DatabaseSettings['kind'];

/** Which database this run of the suite is against: set by the jest project. */
export const databaseKind: DatabaseKind =
  (globalThis as { TEST_DATABASE_KIND?: DatabaseKind }).TEST_DATABASE_KIND ?? 'sqlite';

export interface TestDatabase {
  readonly settings: DatabaseSettings;
  /** As `DATABASE_URL` names it. */
  readonly url: string;
  /** Removes it, with all that is in it. */
  drop(): Promise<void>;
}

/** An empty database of its own for a test: a file in a new folder, or a new database of the test server. */
export async function createTestDatabase(kind: DatabaseKind = databaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? createSqlite() : await createPostgres();
}

function createSqlite(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  const file = join(folder, 'students.db');
  return {
    settings: { kind: 'sqlite', file },
    url: `sqlite:${file}`,
    drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function createPostgres(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run the suite with npm test.');
  const name = `student_auth_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    settings: { kind: 'postgres', url: url.href },
    url: url.href,
    drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
