import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { hashSync } from '@node-rs/argon2';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { SECRET } from './server.mjs';

export const STUDENTS = 10_000;
/** As many ids, sessions and tokens are used in rotation. */
export const ROTATION = 1_000;
export const PASSWORD = 'correct horse battery';
/** As in src/passwords/stored-hash.ts. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const DAY_MS = 86_400_000;
const ROWS_A_STATEMENT = 1_000;

export const publicId = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const sessionId = (n) => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const nameOf = (n) => `student${n}`;

/** An access token of student `n`, good for a day. */
export function tokenOf(n) {
  return tokenFor(publicId(n), sessionId(n));
}

/** An access token as the server issues it, good for a day. */
export function tokenFor(student, session) {
  const iat = Math.floor(Date.now() / 1000);
  const names = { public_id: student, sub: student, sid: session };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { ...names, iat, exp: iat + 86_400, iss: 'student-auth', aud: 'student-auth' };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

/** Makes the schema by our own command. */
export function makeSchema(databaseUrl) {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    JWT_SECRET: SECRET,
    DATABASE_URL: databaseUrl,
  };
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'migrate'], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`migrate: ${stderr}`);
}

/** Makes the schema, and fills it: students, their login keys, a live session each of the first. */
export async function fill(databaseUrl) {
  makeSchema(databaseUrl);
  const run = databaseUrl.startsWith('sqlite:')
    ? onSqlite(databaseUrl.slice(7))
    : await onPostgres(databaseUrl);
  const hash = hashSync(PASSWORD, ARGON2);
  const now = Date.now();
  const insert = async (table, count, row) => {
    for (let first = 1; first <= count; first += ROWS_A_STATEMENT) {
      const rows = Array.from({ length: ROWS_A_STATEMENT }, (_, i) => `(${row(first + i).join()})`);
      await run(`INSERT INTO ${table} VALUES ${rows.join()}`);
    }
  };
  const text = (value) => `'${value}'`;
  const email = (n) => `${nameOf(n)}@example.org`;
  await insert('student (id, public_id, name, email, password, role, created_at)', STUDENTS, (n) => [
    n,
    ...[publicId(n), nameOf(n), email(n), hash, 'user'].map(text),
    now,
  ]);
  for (const keyOf of [nameOf, email])
    await insert('login_key (key, student_id, role)', STUDENTS, (n) => [text(keyOf(n)), n, text('user')]);
  await insert(
    'session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip)',
    ROTATION,
    (n) => [text(sessionId(n)), n, now, now, now + DAY_MS, text('bench'), text('127.0.0.1')],
  );
  await run();
}

/** Runs a statement; without one, closes. */
function onSqlite(file) {
  const database = new Sqlite(file);
  return (sql) => (sql === undefined ? database.close() : database.exec(sql));
}

async function onPostgres(url) {
  const client = new pg.Client(url);
  await client.connect();
  return async (sql) => {
    if (sql !== undefined) return await client.query(sql);
    await client.query(`SELECT setval(pg_get_serial_sequence('student', 'id'), ${STUDENTS})`);
    await client.query('ANALYZE');
    await client.end();
  };
}
