import { setTimeout as delay } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import type { Pool } from 'pg';
import type { DataSource, EntityManager, QueryResult, QueryRunner } from 'typeorm';
import { driverCode } from './driver-code.js';
import { sqliteParameters } from './portable-sql.js';

/** How long a writer waits for another process's lock before the caller is told to try again later. */
const WRITE_PATIENCE_MS = 5_000;
const LOCK_RETRY_MS = 20;
/** Postgres ends one of two transactions that wait for each other; run again, it passes. */
const MOST_DEADLOCK_RETRIES = 3;

/** 64 MiB of log before it is merged: the pages of an index on random ids are written once for many rows. */
const BULK_TUNING = ['synchronous = NORMAL', 'wal_autocheckpoint = 16000'];
/** As `prepareSqlite` leaves it; 1,000 pages are SQLite's own. */
const USUAL_TUNING = ['synchronous = FULL', 'wal_autocheckpoint = 1000'];

/**
 * What a committed transaction survives. `power-loss`: everything; on SQLite each commit waits for the disk, and so does
 * the whole process. `crash`: the end of the process; a power loss may take those of the last seconds, never a part of one.
 */
export type Survives = 'power-loss' | 'crash';

export interface DatabaseLoad {
  /** Those who wait for a connection of the pool; on SQLite, writers who wait for their turn. */
  readonly waiting: number;
  /** Of the pool; undefined on SQLite, which has none. */
  readonly connections?: { readonly busy: number; readonly idle: number };
}

/** The part of TypeORM's Postgres driver that it leaves untyped: pg's pool. */
interface PooledDriver {
  readonly master: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;
}

/** The part of TypeORM's SQLite driver that it leaves untyped. */
interface SqliteDriver {
  readonly databaseConnection: Sqlite.Database;
}

/**
 * The one way to the database, whichever it is.
 *
 * On SQLite there are two connections to the file: everybody reads on one, and writers take turns on the other, so
 * that nobody sees the inside of a transaction of which the statements are awaited one by one.
 */
export class Database {
  readonly kind: 'sqlite' | 'postgres';
  private readonly statements = new Map<string, string>();
  private readonly reads = new Map<string, Sqlite.Statement>();
  private readonly afterCommit = new WeakMap<EntityManager, (() => void)[]>();
  private lastWriter: Promise<unknown> = Promise.resolve();
  private writersWaiting = 0;

  /**
   * @param reader every connection for reads
   * @param writer SQLite: the writers' own connection; Postgres: the same pool as `reader`
   */
  constructor(
    readonly reader: DataSource,
    private readonly writer: DataSource,
  ) {
    this.kind = reader.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** How busy the way to the database is just now. */
  get load(): DatabaseLoad {
    if (this.kind === 'sqlite') return { waiting: this.writersWaiting };
    const { totalCount, idleCount, waitingCount } = (this.reader.driver as unknown as PooledDriver).master;
    return { waiting: waitingCount, connections: { busy: totalCount - idleCount, idle: idleCount } };
  }

  /** Rows of one reading statement with parameters `$1, $2, …`, each once and in order. */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    if (this.kind === 'sqlite') return this.read(sql).all(...parameters) as Row[];
    return await this.reader.query<Row[]>(sql, parameters as unknown[]);
  }

  /**
   * Runs `work` in one transaction and resolves after its commit. `work` must await nothing but the manager it is
   * given: on SQLite other writers wait for it. On Postgres every commit survives a power loss.
   */
  async write<T>(
    work: (manager: EntityManager) => Promise<T>,
    survives: Survives = 'power-loss',
  ): Promise<T> {
    let committed: (() => void)[] = [];
    // A transaction may be run again, and on SQLite the manager serves the next one too.
    const attempt = async (manager: EntityManager): Promise<T> => {
      committed = [];
      this.afterCommit.set(manager, committed);
      return await work(manager);
    };
    const result =
      this.kind === 'sqlite'
        ? await this.writeInTurn(attempt, survives)
        : await this.writeOnPostgres(attempt);
    for (const tell of committed) tell();
    return result;
  }

  /**
   * For a process that does nothing but write a lot. On SQLite its commits hold whatever happens to the process, but a
   * power loss may take the last of them until the next one outside of `work`; and the log is merged into the file
   * less often, so that a page that changes again and again is not copied each time.
   */
  async inBulk<T>(work: () => Promise<T>): Promise<T> {
    if (this.kind === 'postgres') return await work();
    await this.tuneWriter(BULK_TUNING);
    try {
      return await work();
    } finally {
      await this.tuneWriter(USUAL_TUNING);
    }
  }

  /** Runs `tell` once the transaction has been committed; never if it fails. For what the log says of it. */
  onCommit(manager: EntityManager, tell: () => void): void {
    const committed = this.afterCommit.get(manager);
    if (!committed) throw new Error('onCommit needs the manager of a transaction.');
    committed.push(tell);
  }

  /** As `query`, inside a transaction. */
  async queryWith<Row>(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    return await manager.query<Row[]>(this.statement(sql), parameters as unknown[]);
  }

  /** @returns how many rows an INSERT, UPDATE or DELETE touched */
  async executeWith(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<number> {
    return (await this.runWith(manager, sql, parameters)).affected ?? 0;
  }

  /** @returns the rows of an INSERT, UPDATE or DELETE with RETURNING */
  async changeWith<Row>(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await this.runWith(manager, sql, parameters)).records as Row[];
  }

  /**
   * Whether this transaction, and no other, holds an advisory lock of Postgres' until its end; it does not wait for
   * it. SQLite has one writer at a time anyway.
   */
  async holdsAlone(manager: EntityManager, advisoryLock: number): Promise<boolean> {
    if (this.kind === 'sqlite') return true;
    const [row] = await manager.query<{ mine: boolean }[]>(
      `SELECT pg_try_advisory_xact_lock(${advisoryLock}) AS mine`,
    );
    return row?.mine === true;
  }

  async close(): Promise<void> {
    await this.lastWriter.catch(() => undefined);
    if (this.writer !== this.reader && this.writer.isInitialized) await this.writer.destroy();
    if (this.reader.isInitialized) await this.reader.destroy();
  }

  private async runWith(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<QueryResult> {
    const runner = manager.queryRunner;
    if (!runner) throw new Error('A statement that changes rows needs the manager of a transaction.');
    return await runner.query(this.statement(sql), parameters as unknown[], true);
  }

  /** Prepared once and kept, past TypeORM's query runner, which is a large part of a short read's cost. */
  private read(sql: string): Sqlite.Statement {
    let read = this.reads.get(sql);
    if (read === undefined) {
      const driver = this.reader.driver as unknown as SqliteDriver;
      read = driver.databaseConnection.prepare(this.statement(sql));
      this.reads.set(sql, read);
    }
    return read;
  }

  private statement(sql: string): string {
    if (this.kind === 'postgres') return sql;
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = sqliteParameters(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private async tuneWriter(pragmas: readonly string[]): Promise<void> {
    await this.lastWriter.catch(() => undefined);
    const runner = this.writer.createQueryRunner();
    for (const pragma of pragmas) await runner.query(`PRAGMA ${pragma}`);
  }

  private async writeInTurn<T>(work: (manager: EntityManager) => Promise<T>, survives: Survives): Promise<T> {
    const deadline = Date.now() + WRITE_PATIENCE_MS;
    const begin = (): Promise<T> => {
      this.writersWaiting -= 1;
      return survives === 'crash'
        ? this.withoutWaitingForDisk(() => this.writeOnSqlite(work, deadline))
        : this.writeOnSqlite(work, deadline);
    };
    this.writersWaiting += 1;
    const turn = this.lastWriter.then(begin, begin);
    this.lastWriter = turn;
    return await turn;
  }

  /** The log is flushed with the next transaction that must survive a power loss, or when it is merged into the file. */
  private async withoutWaitingForDisk<T>(write: () => Promise<T>): Promise<T> {
    const { databaseConnection: connection } = this.writer.driver as unknown as SqliteDriver;
    const usual = connection.pragma('synchronous', { simple: true }) as number;
    connection.pragma('synchronous = NORMAL');
    try {
      return await write();
    } finally {
      connection.pragma(`synchronous = ${usual}`);
    }
  }

  private async writeOnSqlite<T>(work: (manager: EntityManager) => Promise<T>, deadline: number): Promise<T> {
    const runner = this.writer.createQueryRunner();
    await beginImmediate(runner, deadline);
    try {
      const result = await work(runner.manager);
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      await rollBack(runner);
      throw error;
    }
  }

  private async writeOnPostgres<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.writer.transaction('READ COMMITTED', work);
      } catch (error) {
        if (driverCode(error) !== '40P01' || retries >= MOST_DEADLOCK_RETRIES) throw error;
      }
    }
  }
}

/**
 * Takes SQLite's write lock at once: a deferred transaction that has read fails as soon as another process commits,
 * whatever the busy time-out (https://www.sqlite.org/lang_transaction.html).
 */
export async function beginImmediate(runner: QueryRunner, deadline: number): Promise<void> {
  for (;;) {
    try {
      await runner.query('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!driverCode(error)?.startsWith('SQLITE_BUSY') || Date.now() >= deadline) throw error;
    }
    await delay(LOCK_RETRY_MS);
  }
}

/** SQLite has already rolled back by itself after some faults (a full disk, say); then there is nothing to do. */
export async function rollBack(runner: QueryRunner): Promise<void> {
  const connection = (await runner.connect()) as { inTransaction: boolean };
  if (connection.inTransaction) await runner.query('ROLLBACK');
}
