import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { sqliteParameters } from './portable-sql.js';
import { type StatementListener, watched } from './statement-watch.js';

/** More than the server has for one connection, but for the events of the audit log, written as many at once as there are. */
const MOST_KEPT = 100;

/** The part of TypeORM's SQLite driver that it leaves untyped. */
interface SqliteDriver {
  readonly databaseConnection: Sqlite.Database;
}

/**
 * The statements of one connection, with parameters `$1, $2, …`. Each is prepared once and kept, and goes past TypeORM's
 * query runner, which is a large part of a short statement's cost.
 */
export class SqliteStatements {
  private readonly kept = new Map<string, Sqlite.Statement>();
  private listener: StatementListener | undefined;

  constructor(private readonly dataSource: DataSource) {}

  get connection(): Sqlite.Database {
    return (this.dataSource.driver as unknown as SqliteDriver).databaseConnection;
  }

  /** @param listener told of every statement from now on; while there is none, nothing is paid for it */
  onStatement(listener: StatementListener): void {
    this.listener = listener;
  }

  /** The rows of a statement that gives some. */
  all<Row>(sql: string, parameters: readonly unknown[] = []): Row[] {
    return this.send(sql, (prepared) => prepared.all(...parameters) as Row[]);
  }

  /** Runs a statement that gives no rows; returns how many it touched. */
  run(sql: string, parameters: readonly unknown[] = []): number {
    return this.send(sql, (prepared) => prepared.run(...parameters).changes);
  }

  private send<Result>(sql: string, run: (prepared: Sqlite.Statement) => Result): Result {
    const prepared = this.prepared(sql);
    return this.listener ? watched(prepared.source, () => run(prepared), this.listener) : run(prepared);
  }

  private prepared(sql: string): Sqlite.Statement {
    let statement = this.kept.get(sql);
    if (statement === undefined) {
      if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
      statement = this.connection.prepare(sqliteParameters(sql));
      this.kept.set(sql, statement);
    }
    return statement;
  }
}
