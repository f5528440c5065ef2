import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { ENDED_SESSIONS_KEPT_MS } from './session-list.service.js';

const EVERY_MS = 60_000;
/** Small, so that a writer never waits long for a batch, and other requests run between two. */
const BATCH = 200;
const PAUSE_MS = 20;
/** Ours among Postgres' advisory locks: one instance at a time cleans up. */
const ADVISORY_LOCK = 7_788_336_853;

interface EndedRow {
  readonly id: string;
  readonly student_id: number;
}

/** Writes down which sessions expired, forgets sealed successors after the grace window, removes old sessions. */
@Injectable()
export class SessionCleanup implements OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(SessionCleanup.name);
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

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

  /** Until nothing is left to do, batch by batch. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const removable = now - ENDED_SESSIONS_KEPT_MS;
    await this.inBatches(
      `UPDATE refresh_token SET successor = NULL WHERE hash IN
        (SELECT hash FROM refresh_token WHERE successor IS NOT NULL AND spent_at <= $1 LIMIT ${BATCH})
       RETURNING hash`,
      [now - this.settings.refreshReuseGrace],
    );
    // Asked twice, as a refresh that another instance has under way may keep one of them alive.
    await this.inBatches<EndedRow>(
      `UPDATE session SET ended_at = expires_at, ended_by = 'expired' WHERE id IN
        (SELECT id FROM session WHERE ended_at IS NULL AND expires_at <= $1 LIMIT ${BATCH})
         AND ended_at IS NULL AND expires_at <= $2
       RETURNING id, student_id`,
      [now, now],
      (session) => this.tellExpiry(session),
    );
    // Before their sessions, which would take them all along at once: there can be thousands to one.
    await this.inBatches(
      `DELETE FROM refresh_token WHERE hash IN
        (SELECT r.hash FROM session s JOIN refresh_token r ON r.session_id = s.id
          WHERE s.ended_at IS NOT NULL AND s.ended_at <= $1 LIMIT ${BATCH})
       RETURNING hash`,
      [removable],
    );
    await this.inBatches(
      `DELETE FROM session WHERE id IN
        (SELECT id FROM session WHERE ended_at IS NOT NULL AND ended_at <= $1 LIMIT ${BATCH})
       RETURNING id`,
      [removable],
    );
  }

  private async inBatches<Row>(
    sql: string,
    parameters: readonly number[],
    tell?: (row: Row) => void,
  ): Promise<void> {
    for (let touched = BATCH; touched === BATCH && !this.stopping;) {
      const rows = await this.database.write(async (manager) =>
        (await this.mayClean(manager)) ? await this.database.changeWith<Row>(manager, sql, parameters) : [],
      );
      if (tell) rows.forEach(tell);
      touched = rows.length;
      if (touched === BATCH) await delay(PAUSE_MS);
    }
  }

  /** As `Sessions` tells the other ends; nobody asked for this one, so there is no request. */
  private tellExpiry({ id, student_id: studentId }: EndedRow): void {
    this.logger.log({ message: 'Session ended', by: 'expired', sessions: [id], studentId });
  }

  private async mayClean(manager: EntityManager): Promise<boolean> {
    if (this.database.kind === 'sqlite') return true;
    const [row] = await manager.query<{ mine: boolean }[]>(
      `SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCK}) AS mine`,
    );
    return row?.mine === true;
  }
}
