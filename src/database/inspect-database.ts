import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import type { DatabaseSettings } from '../config/settings.js';
import { DatabaseStartError } from './database-start-error.js';
import { driverCode } from './driver-code.js';
import { postgresMigrations } from './migrations/postgres/index.js';
import { sqliteMigrations } from './migrations/sqlite/index.js';
import { postgresConnection } from './postgres-url.js';
import { checkSqliteFile } from './sqlite-file.js';

export interface DatabaseFacts {
  /** The database's own clock: milliseconds since the epoch. */
  readonly now: number;
  /** When the newest row was written: milliseconds since the epoch; undefined where there is none. */
  readonly newestRow: number | undefined;
  readonly executedMigrations: readonly string[];
  readonly knownMigrations: readonly string[];
}

type Ask = <Row>(sql: string) => Promise<Row[]>;

const SQLITE_NOW = `SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS value`;
const POSTGRES_NOW = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS value';
const SQLITE_HAS_SCHEMA = `SELECT count(*) AS value FROM sqlite_master WHERE name = 'migrations'`;
const POSTGRES_HAS_SCHEMA = `SELECT count(*) AS value FROM pg_class WHERE oid = to_regclass('migrations')`;
/** The last registration, login, end of a session and refresh, each at the end of an index: in no time, however many. */
const NEWEST_ROW = `SELECT max(at) AS value FROM
  (SELECT created_at AS at FROM student WHERE id = (SELECT max(id) FROM student)
   UNION ALL SELECT max(last_login_at) FROM known_address
   UNION ALL SELECT max(ended_at) FROM session WHERE ended_at IS NOT NULL
   UNION ALL SELECT max(spent_at) FROM refresh_token WHERE successor IS NOT NULL) AS newest`;

/**
 * Looks at the database without changing it: nothing is made, migrated or written.
 * @throws DatabaseStartError when it is not there, not ours or does not answer
 */
export async function inspectDatabase(settings: DatabaseSettings): Promise<DatabaseFacts> {
  return settings.kind === 'sqlite'
    ? await inspectSqlite(settings.file)
    : await inspectPostgres(settings.url);
}

async function inspectSqlite(file: string): Promise<DatabaseFacts> {
  if (!existsSync(file)) {
    throw new DatabaseStartError(`The database ${file} does not exist; the server makes it when it starts.`);
  }
  checkSqliteFile(file);
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    const ask: Ask = <Row>(sql: string) => Promise.resolve(connection.prepare(sql).all() as Row[]);
    return await factsOf(ask, SQLITE_NOW, SQLITE_HAS_SCHEMA, sqliteMigrations);
  } catch (error) {
    throw new DatabaseStartError(`The database ${file} cannot be read (${codeOf(error)}).`, error);
  } finally {
    connection.close();
  }
}

async function inspectPostgres(address: string): Promise<DatabaseFacts> {
  const { url, connectTimeoutMS, extra } = postgresConnection(address);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMS,
    ...extra,
  });
  try {
    await client.connect();
    await client.query('SET default_transaction_read_only = on');
    const ask: Ask = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
    return await factsOf(ask, POSTGRES_NOW, POSTGRES_HAS_SCHEMA, postgresMigrations);
  } catch (error) {
    throw new DatabaseStartError(`The Postgres of DATABASE_URL cannot be read (${codeOf(error)}).`, error);
  } finally {
    await client.end();
  }
}

async function factsOf(
  ask: Ask,
  nowSql: string,
  hasSchemaSql: string,
  migrations: readonly (new () => MigrationInterface)[],
): Promise<DatabaseFacts> {
  const hasSchema = (await valueOf(ask, hasSchemaSql)) === 1;
  const executed = hasSchema ? await ask<{ name: string }>('SELECT name FROM migrations ORDER BY id') : [];
  return {
    newestRow: executed.length > 0 ? await valueOf(ask, NEWEST_ROW) : undefined,
    executedMigrations: executed.map(({ name }) => name),
    knownMigrations: migrations.map((Migration) => new Migration().name ?? Migration.name),
    // Last, so that it is as fresh as what it is compared with.
    now: Number(await valueOf(ask, nowSql)),
  };
}

async function valueOf(ask: Ask, sql: string): Promise<number | undefined> {
  const [row] = await ask<{ value: string | number | null }>(sql);
  return row?.value === null || row === undefined ? undefined : Number(row.value);
}

function codeOf(error: unknown): string {
  return driverCode(error) ?? 'no answer';
}
