import { setTimeout as delay } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { driverCode } from './driver-code.js';

/** How long a writer waits for another process's lock before the caller is told to try again later. */
const WRITE_PATIENCE_MS = 5_000;
const LOCK_RETRY_MS = 20;

/**
 * The log is merged between transactions, not by a commit that happens to be its turn, and seldom: the pages of an index
 * on random ids are then written once for many rows. 48 MiB hold that index for most of a million.
 */
const BULK_TUNING = ['synchronous = NORMAL', 'wal_autocheckpoint = 0', 'cache_size = -48000'];
const BULK_WRITES_A_MERGE = 16;
/** As `prepareSqlite` leaves it; 1,000 pages of log are SQLite's own, 16,000 KiB of cache better-sqlite3's. */
const USUAL_TUNING = ['synchronous = FULL', 'wal_autocheckpoint = 1000', 'cache_size = -16000'];

/**
 * What a committed transaction survives. `power-loss`: everything; on SQLite each commit waits for the disk, and so does
 * the whole process. `crash`: the end of the process; a power loss may take those of the last seconds, never a part of one.
 */
export type Survives = 'power-loss' | 'crash';

/** The part of TypeORM's SQLite driver that it leaves untyped. */
export interface SqliteDriver {
  readonly databaseConnection: Sqlite.Database;
}

type Work<T> = (manager: EntityManager) => Promise<T>;

/** Transactions that take turns on SQLite's connection for writers. */
export class SqliteWriter {
  private last: Promise<unknown> = Promise.resolve();
  private inLine = 0;
  /** Within `inBulk`: transactions since the log was merged last. */
  private bulk: { unmerged: number } | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Those who wait for their turn. */
  get waiting(): number {
    return this.inLine;
  }

  /** Waits for its turn and for other processes, then runs `work` in one transaction; resolves after its commit. */
  async write<T>(work: Work<T>, survives: Survives): Promise<T> {
    const deadline = Date.now() + WRITE_PATIENCE_MS;
    const begin = (): Promise<T> => {
      this.inLine -= 1;
      const write = (): Promise<T> => this.transaction(work, deadline);
      return survives === 'crash' ? this.withoutWaitingForDisk(write) : write();
    };
    this.inLine += 1;
    const turn = this.last.then(begin, begin);
    this.last = turn;
    return await turn;
  }

  /** Makes many transactions cheap while `work` lasts (see `Database.inBulk`). */
  async inBulk<T>(work: () => Promise<T>): Promise<T> {
    await this.tune(BULK_TUNING);
    this.bulk = { unmerged: 0 };
    try {
      return await work();
    } finally {
      this.bulk = undefined;
      await this.tune(USUAL_TUNING);
    }
  }

  /** Resolves once nobody writes. */
  async idle(): Promise<void> {
    await this.last.catch(() => undefined);
  }

  private async tune(pragmas: readonly string[]): Promise<void> {
    await this.idle();
    const runner = this.dataSource.createQueryRunner();
    for (const pragma of pragmas) await runner.query(`PRAGMA ${pragma}`);
  }

  /** The log is flushed with the next transaction that must survive a power loss, or when it is merged into the file. */
  private async withoutWaitingForDisk<T>(write: () => Promise<T>): Promise<T> {
    const { databaseConnection: connection } = this.dataSource.driver as unknown as SqliteDriver;
    const usual = connection.pragma('synchronous', { simple: true }) as number;
    connection.pragma('synchronous = NORMAL');
    try {
      return await write();
    } finally {
      connection.pragma(`synchronous = ${usual}`);
    }
  }

  private async transaction<T>(work: Work<T>, deadline: number): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    await beginImmediate(runner, deadline);
    let result: T;
    try {
      result = await work(runner.manager);
      await runner.query('COMMIT');
    } catch (error) {
      await rollBack(runner);
      throw error;
    }
    await this.mergeLogInBulk(runner);
    return result;
  }

  /** Passive: nobody is kept from reading or writing meanwhile, and what cannot be merged now is merged later. */
  private async mergeLogInBulk(runner: QueryRunner): Promise<void> {
    if (!this.bulk) return;
    this.bulk.unmerged += 1;
    if (this.bulk.unmerged < BULK_WRITES_A_MERGE) return;
    this.bulk.unmerged = 0;
    await runner.query('PRAGMA wal_checkpoint(PASSIVE)');
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
