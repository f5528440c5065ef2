import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { SqliteStatements } from './sqlite-statements.js';
import { inTransaction } from './sqlite-transaction.js';

const LOCK_PATIENCE_MS = 60_000;
/** Ours among Postgres' advisory locks: "student-auth" as digits nobody else is likely to choose. */
const ADVISORY_LOCK = 7_788_336_852;

/**
 * Brings the schema up to date in one transaction that also holds the database's lock, so that processes which start
 * at once do it one after the other: the later ones find nothing left to do.
 * @returns the names of the migrations that ran
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    return dataSource.options.type === 'postgres'
      ? await migratePostgres(dataSource, runner)
      : await migrateSqlite(dataSource, runner);
  } finally {
    await runner.release();
  }
}

async function migrateSqlite(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  // Rebuilding a table drops it for a moment; foreign keys must not follow. Has no effect inside a transaction.
  await runner.query('PRAGMA foreign_keys = OFF');
  try {
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    return await inTransaction(new SqliteStatements(dataSource), deadline, () =>
      runPending(dataSource, runner),
    );
  } finally {
    await runner.query('PRAGMA foreign_keys = ON');
  }
}

async function migratePostgres(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  await runner.startTransaction();
  try {
    await runner.query(`SET LOCAL statement_timeout = 0`);
    await runner.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`);
    const names = await runPending(dataSource, runner);
    await runner.commitTransaction();
    return names;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

async function runPending(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'none'; // the transaction around is ours
  const done = await executor.executePendingMigrations();
  return done.map((migration) => migration.name);
}
