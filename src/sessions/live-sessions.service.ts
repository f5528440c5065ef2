import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';

/** Sessions a slice: on SQLite the event loop stands still for it, well under a millisecond. */
const SLICE = 5_000;
const PAUSE_MS = 250;
const STALE_AFTER_MS = 60_000;

const LIVE = 'FROM session WHERE ended_at IS NULL AND expires_at > $1';

export interface SessionCount {
  readonly sessions: number;
  /** When the count began; milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * How many sessions are live, for the metrics. Counted along the index `session_expiry`, a slice at a time with pauses:
 * a larger table makes the figure older (a million sessions take a minute), and never a request slower.
 */
@Injectable()
export class LiveSessions implements OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(LiveSessions.name);
  private running: Promise<void> | undefined;
  private countedAt = -Infinity;
  private count: SessionCount | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The last whole count, at once; undefined before the first. Begins another where that is over a minute old. */
  latest(): SessionCount | undefined {
    if (performance.now() - this.countedAt >= STALE_AFTER_MS) void this.refresh();
    return this.count;
  }

  /** Counts, or waits for the count that is under way. What cannot be counted leaves the last figure. Never rejects. */
  async refresh(): Promise<void> {
    this.running ??= this.run()
      .catch((error: unknown) => this.logger.warn(error))
      .finally(() => (this.running = undefined));
    await this.running;
  }

  onModuleDestroy(): void {
    this.stopping = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    this.countedAt = performance.now();
    const at = this.clock.now();
    let sessions = 0;
    let from: number | undefined = at;
    while (from !== undefined && !this.stopping) {
      const end = await this.endOfSlice(from);
      sessions += await this.within(from, end ?? Number.MAX_SAFE_INTEGER);
      from = end;
      if (from !== undefined) await delay(PAUSE_MS, undefined, { ref: false });
    }
    if (from === undefined) this.count = { sessions, at };
  }

  /** Where the next slice begins; undefined in the last one. */
  private async endOfSlice(from: number): Promise<number | undefined> {
    const sql = `SELECT expires_at ${LIVE} ORDER BY expires_at LIMIT 1 OFFSET ${SLICE - 1}`;
    const [last] = await this.database.query<{ expires_at: string | number }>(sql, [from]);
    return last && Number(last.expires_at);
  }

  private async within(from: number, to: number): Promise<number> {
    const sql = `SELECT COUNT(*) AS sessions ${LIVE} AND expires_at <= $2`;
    const [row] = await this.database.query<{ sessions: string | number }>(sql, [from, to]);
    return Number(row?.sessions);
  }
}
