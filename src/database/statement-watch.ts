import type { AfterQueryEvent, BeforeQueryEvent, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** A statement that is over: its text, with placeholders for the values; how long it took; what it failed with. */
export interface EndedStatement {
  readonly sql: string;
  readonly ms: number;
  readonly error?: unknown;
}

/** Told of each statement in the asynchronous context of whoever sent it. It must not throw. */
export type StatementListener = (statement: EndedStatement) => void;

/** Hears of what goes through TypeORM. */
export class StatementWatch implements EntitySubscriberInterface {
  /** By connection, which runs one statement at a time. */
  private readonly begun = new WeakMap<QueryRunner, number>();

  constructor(private readonly listener: StatementListener) {}

  beforeQuery({ queryRunner }: BeforeQueryEvent): void {
    this.begun.set(queryRunner, performance.now());
  }

  afterQuery({ queryRunner, query, success, error }: AfterQueryEvent): void {
    const now = performance.now();
    const ms = now - (this.begun.get(queryRunner) ?? now);
    this.listener({ sql: query, ms, ...(success ? {} : { error: error as unknown }) });
  }
}

/** Runs a statement that goes past TypeORM, and tells of it. */
export function watched<Result>(sql: string, run: () => Result, listener: StatementListener): Result {
  const begun = performance.now();
  try {
    const result = run();
    listener({ sql, ms: performance.now() - begun });
    return result;
  } catch (error) {
    listener({ sql, ms: performance.now() - begun, error });
    throw error;
  }
}
