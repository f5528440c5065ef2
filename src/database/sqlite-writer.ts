import type { EntityManager } from 'typeorm';
import type { SqliteStatements } from './sqlite-statements.js';
import { inTransaction } from './sqlite-transaction.js';

/** How long a writer waits for another process's lock before the caller is told to try again later. */
const WRITE_PATIENCE_MS = 5_000;

/** SQLite's levels of waiting for the disk (https://www.sqlite.org/pragma.html#pragma_synchronous). */
type Synchronous = 'NORMAL' | 'FULL';

/**
 * The log is merged between transactions, not by a commit that happens to be its turn, and seldom: the pages of an index
 * on random ids are then written once for many rows. 48 MiB hold that index for most of a million.
 */
const BULK_TUNING = ['wal_autocheckpoint = 0', 'cache_size = -48000'];
const BULK_WRITES_A_MERGE = 16;
/** 1,000 pages of log are SQLite's own, 16,000 KiB of cache better-sqlite3's. */
const USUAL_TUNING = ['wal_autocheckpoint = 1000', 'cache_size = -16000'];

/**
 * What a committed transaction survives. `power-loss`: everything; on SQLite each commit waits for the disk, and so does
 * the whole process. `crash`: the end of the process; a power loss may take those of the last seconds, never a part of one.
 */
export type Survives = 'power-loss' | 'crash';

type Work<T> = (manager: EntityManager) => Promise<T>;

/** Transactions that take turns on SQLite's connection for writers. */
export class SqliteWriter {
  private last: Promise<unknown> = Promise.resolve();
  private inLine = 0;
  /** Within `inBulk`: transactions since the log was merged last. */
  private bulk: { unmerged: number } | undefined;
  /** As `prepareSqlite` leaves it. */
  private synchronous: Synchronous = 'FULL';

  /** @param manager what every `work` is given; the statements of SQLite's connection do not go through it */
  constructor(
    private readonly statements: SqliteStatements,
    private readonly manager: EntityManager,
  ) {}

  /** Those who wait for their turn. */
  get waiting(): number {
    return this.inLine;
  }

  /** Waits for its turn and for other processes, then runs `work` in one transaction; resolves after its commit. */
  async write<T>(work: Work<T>, survives: Survives): Promise<T> {
    const deadline = Date.now() + WRITE_PATIENCE_MS;
    const begin = (): Promise<T> => {
      this.inLine -= 1;
      this.waitForDisk(survives === 'crash' || this.bulk ? 'NORMAL' : 'FULL');
      return this.transaction(work, deadline);
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
    for (const pragma of pragmas) this.statements.connection.pragma(pragma);
  }

  /**
   * A log that was not flushed is flushed with the next transaction that must survive a power loss, or when it is merged
   * into the file. The level stays until another is needed: to change it costs as much as a short statement.
   */
  private waitForDisk(synchronous: Synchronous): void {
    if (this.synchronous === synchronous) return;
    this.statements.connection.pragma(`synchronous = ${synchronous}`);
    this.synchronous = synchronous;
  }

  private async transaction<T>(work: Work<T>, deadline: number): Promise<T> {
    const result = await inTransaction(this.statements, deadline, () => work(this.manager));
    this.mergeLogInBulk();
    return result;
  }

  /** Passive: nobody is kept from reading or writing meanwhile, and what cannot be merged now is merged later. */
  private mergeLogInBulk(): void {
    if (!this.bulk) return;
    this.bulk.unmerged += 1;
    if (this.bulk.unmerged < BULK_WRITES_A_MERGE) return;
    this.bulk.unmerged = 0;
    this.statements.all('PRAGMA wal_checkpoint(PASSIVE)');
  }
}
