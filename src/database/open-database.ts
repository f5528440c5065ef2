import type { DataSource } from 'typeorm';
import type { DatabaseSettings } from '../config/settings.js';
import { PortableDataSource } from './portable-data-source.js';
import { type Entities, dataSourceOptions } from './data-source-options.js';
import { Database } from './database.js';
import { DatabaseStartError } from './database-start-error.js';
import { isDatabaseUnavailable } from './database-unavailable.js';
import { driverCode } from './driver-code.js';
import { migrate } from './migrate.js';
import { checkSqliteFile } from './sqlite-file.js';

export interface OpenedDatabase {
  readonly database: Database;
  /** Names of the migrations that this opening ran; empty when the schema was up to date. */
  readonly migrated: readonly string[];
}

/**
 * Connects, brings the schema up to date and gives the database to work with.
 * @throws DatabaseStartError when the file is not ours or cannot be used, or the server cannot be reached
 */
export async function openDatabase(settings: DatabaseSettings, entities: Entities): Promise<OpenedDatabase> {
  if (settings.kind === 'sqlite') checkSqliteFile(settings.file);
  const reader = new PortableDataSource(dataSourceOptions(settings, entities));
  await connect(reader, settings);
  const writer = settings.kind === 'sqlite' ? new PortableDataSource(reader.options) : reader;
  try {
    if (writer !== reader) await connect(writer, settings);
    const migrated = await migrate(writer).catch((error: unknown) => {
      throw isNotWritable(error)
        ? new DatabaseStartError(cannot('be written', settings, error), error)
        : error;
    });
    refuseNewerSchema(await executedMigrations(writer), writer);
    if (writer !== reader) await reader.query('PRAGMA query_only = ON');
    return { database: new Database(reader, writer), migrated };
  } catch (error) {
    await new Database(reader, writer).close();
    throw error;
  }
}

async function connect(dataSource: DataSource, settings: DatabaseSettings): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    throw new DatabaseStartError(cannot('be opened', settings, error), error);
  }
}

function cannot(what: string, settings: DatabaseSettings, error: unknown): string {
  const place = settings.kind === 'sqlite' ? `The database ${settings.file}` : 'The Postgres of DATABASE_URL';
  return `${place} cannot ${what} (${driverCode(error) ?? 'no answer'}).`;
}

/** Postgres' 42501 is a user without the right to make tables. */
function isNotWritable(error: unknown): boolean {
  return isDatabaseUnavailable(error) || driverCode(error) === '42501';
}

async function executedMigrations(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  return rows.map((row) => row.name);
}

/** An older build must not write into a schema it does not know. */
function refuseNewerSchema(executed: readonly string[], dataSource: DataSource): void {
  const known = new Set(
    dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name),
  );
  const unknown = executed.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new DatabaseStartError(
      `The database was made by a newer student-auth (it holds ${unknown}): update this one.`,
    );
  }
}
