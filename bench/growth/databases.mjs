import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { startPostgres } from '../lib/postgres.mjs';
import { makeSchema } from '../lib/students.mjs';
import { fillStatements } from '../scaling/fill.mjs';

/** As many admins, whatever the size: the last ones. */
const ADMINS = 10;

/**
 * A database of each size, and how to stop what was started for them; undefined where there is no such database.
 * @returns `{databases: [{size, url, ask}], stop}`; `ask(sql)` resolves to rows
 */
export const makers = {
  SQLite: async (sizes) => {
    const folder = mkdtempSync(join(tmpdir(), 'student-auth-growth-'));
    const databases = sizes.map((size) => sqliteOf(join(folder, `${size}.db`), size));
    return { databases, stop: () => rmSync(folder, { recursive: true }) };
  },
  Postgres: async (sizes) => {
    const server = await startPostgres();
    if (!server) return undefined;
    const databases = [];
    for (const size of sizes) databases.push(await postgresOf(server.url, size));
    await query(server.url, ['CHECKPOINT']);
    return { databases, stop: () => server.stop() };
  },
};

const promote = (size) => `UPDATE student SET role = 'admin' WHERE id > ${size - ADMINS};
  UPDATE login_key SET role = 'admin' WHERE student_id > ${size - ADMINS}`;

function sqliteOf(file, size) {
  const url = `sqlite:${file}`;
  makeSchema(url);
  const database = new Sqlite(file);
  // Quick, and nobody minds if it is lost with the power; what it refers to is there.
  for (const pragma of [
    'journal_mode = OFF',
    'synchronous = OFF',
    'foreign_keys = OFF',
    'cache_size = -1000000',
  ])
    database.pragma(pragma);
  database.exec('BEGIN');
  for (const { sql } of fillStatements('sqlite', size)) database.exec(sql);
  database.exec('COMMIT');
  database.exec(promote(size));
  database.close();
  const ask = (sql) => {
    const reader = new Sqlite(file, { readonly: true });
    const rows = reader.prepare(sql).all();
    reader.close();
    return rows;
  };
  return { size, url, ask };
}

async function postgresOf(server, size) {
  const name = `growth_${size}`;
  await query(server, [`CREATE DATABASE ${name}`]);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  makeSchema(url);
  await query(url, [
    // What each row refers to is there: no look-up for each.
    'SET session_replication_role = replica',
    ...fillStatements('postgres', size).map(({ sql }) => sql),
    promote(size),
    `SELECT setval(pg_get_serial_sequence('student', 'id'), ${size})`,
    // As autovacuum leaves a table that has grown.
    'VACUUM ANALYZE',
  ]);
  return { size, url, ask: (sql) => query(url, [sql]) };
}

/** @returns the rows of the last statement */
async function query(url, statements) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows = [];
    for (const sql of statements) ({ rows } = await client.query(sql));
    return rows;
  } finally {
    await client.end();
  }
}
