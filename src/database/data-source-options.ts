import type Sqlite from 'better-sqlite3';
import type { DataSourceOptions, EntitySchema, MixedList } from 'typeorm';
import type { DatabaseSettings } from '../config/settings.js';
import { postgresMigrations } from './migrations/postgres/index.js';
import { sqliteMigrations } from './migrations/sqlite/index.js';
import { postgresConnection } from './postgres-url.js';

/** Classes that carry `@Entity`. */
export type Entities = MixedList<(new () => object) | EntitySchema>;

/**
 * How long a statement blocks the whole process for another process's lock. Short, because better-sqlite3 waits
 * synchronously; the patient waiting is `Database.write`'s, which lets other requests go on meanwhile.
 */
const BUSY_TIMEOUT_MS = 25;

/** What every connection has in common, whichever the database. Never `synchronize`: the schema is the migrations'. */
export function dataSourceOptions(settings: DatabaseSettings, entities: Entities): DataSourceOptions {
  const common = { entities, synchronize: false, logging: false, migrationsTableName: 'migrations' } as const;
  if (settings.kind === 'postgres') {
    return {
      ...common,
      type: 'postgres',
      migrations: postgresMigrations,
      ...postgresConnection(settings.url),
    };
  }
  return {
    ...common,
    type: 'better-sqlite3',
    database: settings.file,
    migrations: sqliteMigrations,
    timeout: BUSY_TIMEOUT_MS,
    prepareDatabase: prepareSqlite,
  };
}

/**
 * WAL lets readers and a writer work side by side; FULL makes a commit survive a power loss, which WAL's NORMAL
 * does not (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
function prepareSqlite(connection: Sqlite.Database): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
}
