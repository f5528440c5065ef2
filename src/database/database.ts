import type { Pool } from 'pg';
import type { DataSource, EntityManager, QueryResult } from 'typeorm';
import { driverCode } from './driver-code.js';
import { SqliteStatements } from './sqlite-statements.js';
import { SqliteWriter, type Survives } from './sqlite-writer.js';
import { type StatementListener, StatementWatch } from './statement-watch.js';

/** Postgres ends one of two transactions that wait for each other; run again, it passes. */
const MOST_DEADLOCK_RETRIES = 3;

export interface DatabaseLoad {
  /** Those who wait for a connection of the pool; on SQLite, writers who wait for their turn. */
  readonly waiting: number;
  /** Of the pool; undefined on SQLite, which has none. */
  readonly connections?: { readonly busy: number; readonly idle: number };
}

/** SQLite's two connections to the file, and who takes turns on the second. */
interface SqliteSides {
  readonly reads: SqliteStatements;
  readonly writes: SqliteStatements;
  readonly writer: SqliteWriter;
}

/** The part of TypeORM's Postgres driver that it leaves untyped: pg's pool. */
interface PooledDriver {
  readonly master: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;
}

/**
 * The one way to the database, whichever it is.
 *
 * On SQLite there are two connections to the file: everybody reads on one, and writers take turns on the other, so
 * that nobody sees the inside of a transaction of which the statements are awaited one by one.
 */
export class Database {
  readonly kind: 'sqlite' | 'postgres';
  private readonly afterCommit = new WeakMap<EntityManager, (() => void)[]>();
  private readonly sqlite: SqliteSides | undefined;
  private bulk = false;

  /**
   * @param reader every connection for reads
   * @param writer SQLite: the writers' own connection; Postgres: the same pool as `reader`
   */
  constructor(
    readonly reader: DataSource,
    private readonly writer: DataSource,
  ) {
    this.kind = reader.options.type === 'postgres' ? 'postgres' : 'sqlite';
    if (this.kind === 'postgres') return;
    const writes = new SqliteStatements(writer);
    this.sqlite = {
      reads: new SqliteStatements(reader),
      writes,
      writer: new SqliteWriter(writes, writer.manager),
    };
  }

  /** How busy the way to the database is just now. */
  get load(): DatabaseLoad {
    if (this.sqlite) return { waiting: this.sqlite.writer.waiting };
    const { totalCount, idleCount, waitingCount } = (this.reader.driver as unknown as PooledDriver).master;
    return { waiting: waitingCount, connections: { busy: totalCount - idleCount, idle: idleCount } };
  }

  /** @param listener told of every statement from now on; while there is none, nothing is paid for it */
  onStatement(listener: StatementListener): void {
    this.sqlite?.reads.onStatement(listener);
    this.sqlite?.writes.onStatement(listener);
    for (const dataSource of new Set([this.reader, this.writer]))
      dataSource.subscribers.push(new StatementWatch(listener));
  }

  /** Rows of one reading statement with parameters `$1, $2, …`, each once and in order. */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    if (this.sqlite) return this.sqlite.reads.all<Row>(sql, parameters);
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
    const result = this.sqlite
      ? await this.sqlite.writer.write(attempt, survives)
      : await this.writeOnPostgres(attempt);
    for (const tell of committed) tell();
    return result;
  }

  /**
   * For a process that does nothing but write a lot. Its commits hold whatever happens to the process, but a power loss
   * may take the last of them until the next one outside of `work`; and on SQLite the log is merged into the file less
   * often, so that a page that changes again and again is not copied each time.
   */
  async inBulk<T>(work: () => Promise<T>): Promise<T> {
    if (this.sqlite) return await this.sqlite.writer.inBulk(work);
    this.bulk = true;
    try {
      return await work();
    } finally {
      this.bulk = false;
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
    if (this.sqlite) return this.sqlite.writes.all<Row>(sql, parameters);
    return await manager.query<Row[]>(sql, parameters as unknown[]);
  }

  /** @returns how many rows an INSERT, UPDATE or DELETE touched */
  async executeWith(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<number> {
    if (this.sqlite) return this.sqlite.writes.run(sql, parameters);
    return (await runWith(manager, sql, parameters)).affected ?? 0;
  }

  /** @returns the rows of an INSERT, UPDATE or DELETE with RETURNING */
  async changeWith<Row>(
    manager: EntityManager,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    if (this.sqlite) return this.sqlite.writes.all<Row>(sql, parameters);
    return (await runWith(manager, sql, parameters)).records as Row[];
  }

  /**
   * Whether this transaction, and no other, holds an advisory lock of Postgres' until its end; it does not wait for
   * it. SQLite has one writer at a time anyway.
   */
  async holdsAlone(manager: EntityManager, advisoryLock: number): Promise<boolean> {
    if (this.sqlite) return true;
    const [row] = await manager.query<{ mine: boolean }[]>(
      `SELECT pg_try_advisory_xact_lock(${advisoryLock}) AS mine`,
    );
    return row?.mine === true;
  }

  async close(): Promise<void> {
    await this.sqlite?.writer.idle();
    if (this.writer !== this.reader && this.writer.isInitialized) await this.writer.destroy();
    if (this.reader.isInitialized) await this.reader.destroy();
  }

  private async writeOnPostgres<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const attempt = async (manager: EntityManager): Promise<T> => {
      if (this.bulk) await manager.query('SET LOCAL synchronous_commit = off');
      return await work(manager);
    };
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.writer.transaction('READ COMMITTED', attempt);
      } catch (error) {
        if (driverCode(error) !== '40P01' || retries >= MOST_DEADLOCK_RETRIES) throw error;
      }
    }
  }
}

async function runWith(
  { queryRunner }: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<QueryResult> {
  if (!queryRunner) throw new Error('A statement that changes rows needs the manager of a transaction.');
  return await queryRunner.query(sql, parameters as unknown[], true);
}
