import { setTimeout as delay } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Database } from './database.js';

const EVERY_MS = 60_000;
/** Small, so that a writer never waits long for a batch, and other requests run between two. */
const BATCH = 200;
const PAUSE_MS = 20;

/** Housekeeping: comes every minute, changes rows in small transactions, and lets a shutdown wait for its last one. */
export abstract class BatchJob implements OnModuleDestroy, OnApplicationShutdown {
  protected readonly logger = new Logger(this.constructor.name);
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(private readonly database: Database) {}

  /** Of Postgres' advisory locks, the one that keeps other instances from doing the same at once. */
  protected abstract readonly advisoryLock: number;

  /** Until nothing is left to do, batch by batch. */
  abstract run(): Promise<void>;

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    if (this.running || this.stopping) return;
    this.running = this.run()
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => (this.running = undefined));
    await this.running;
  }

  onModuleDestroy(): void {
    this.stopping = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running;
  }

  /**
   * @param sql a changing statement with RETURNING that touches at most `batch` rows
   * @param tell told of each row once its change is committed
   */
  protected async inBatches<Row>(
    sql: (batch: number) => string,
    parameters: readonly unknown[],
    tell?: (row: Row) => void,
  ): Promise<void> {
    const statement = sql(BATCH);
    for (let touched = BATCH; touched === BATCH && !this.stopping;) {
      const rows = await this.database.write(async (manager) =>
        (await this.database.holdsAlone(manager, this.advisoryLock))
          ? await this.database.changeWith<Row>(manager, statement, parameters)
          : [],
      );
      if (tell) rows.forEach(tell);
      touched = rows.length;
      if (touched === BATCH) await delay(PAUSE_MS);
    }
  }
}
