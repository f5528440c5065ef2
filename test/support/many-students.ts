import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { fillStatements } from '../../bench/scaling/fill.mjs';
import { openDatabase } from '../../src/database/open-database.js';
import { entities } from '../../src/entities.js';
import type { TestDatabase } from './test-database.js';

/** Enough for Postgres to prefer an index wherever there is one. SQLite plans without looking at the rows. */
const ROWS = { sqlite: 500, postgres: 60_000 };

/** Of whom the audit log tells a good part of all it tells: logins, and nothing else. */
export const BUSY_STUDENT = 'the student who logs in all the time';

/** Makes the schema, and a row of each table for each of many students, as the bench does; and many budgets. */
export async function fillWithStudents({ settings }: TestDatabase): Promise<void> {
  await (await openDatabase(settings, entities)).database.close();
  const rows = ROWS[settings.kind];
  const statements = [
    ...fillStatements(settings.kind, rows).map(({ sql }) => sql),
    `UPDATE audit_event
        SET student = CASE WHEN id % 10 = 0 THEN '${BUSY_STUDENT}' ELSE 'student ' || (id % 200) END,
            action = CASE WHEN id % 10 = 0 THEN 'login' WHEN id % 10 < 4 THEN 'login-failed'
                          WHEN id % 10 < 7 THEN 'logout' ELSE 'profile-changed' END`,
  ];
  if (settings.kind === 'sqlite') {
    const connection = new Sqlite(settings.file);
    connection.exec(`BEGIN; ${statements.join(';')}; COMMIT`);
    connection.close();
    return;
  }
  const client = new pg.Client(settings.url);
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.query(
    `INSERT INTO throttle (key, points, expire)
     SELECT 'failed-pair:' || n, 1, extract(epoch FROM now()) * 1000 + n FROM generate_series(1, ${rows}) AS n`,
  );
  await client.query(`SELECT setval(pg_get_serial_sequence('student', 'id'), ${rows})`);
  await client.query('VACUUM ANALYZE');
  await client.end();
}
