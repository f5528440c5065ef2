import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { BatchJob } from '../database/batch-job.js';
import { Database } from '../database/database.js';
import { ENDED_SESSIONS_KEPT_MS } from './session-list.service.js';

interface EndedRow {
  readonly id: string;
  readonly student_id: number;
}

/** Writes down which sessions expired, forgets sealed successors after the grace window, removes old sessions. */
@Injectable()
export class SessionCleanup extends BatchJob {
  /** Ours among Postgres' advisory locks: one instance at a time cleans up. */
  protected readonly advisoryLock = 7_788_336_853;

  constructor(
    database: Database,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    super(database);
  }

  async run(): Promise<void> {
    const now = this.clock.now();
    const removable = now - ENDED_SESSIONS_KEPT_MS;
    await this.inBatches(
      (batch) => `UPDATE refresh_token SET successor = NULL WHERE hash IN
        (SELECT hash FROM refresh_token WHERE successor IS NOT NULL AND spent_at <= $1 LIMIT ${batch})
       RETURNING hash`,
      [now - this.settings.refreshReuseGrace],
    );
    // Asked twice, as a refresh that another instance has under way may keep one of them alive; the second time of
    // those few alone: the `+ 0` keeps a planner from reading all that have expired once more for it.
    await this.inBatches<EndedRow>(
      (batch) => `UPDATE session SET ended_at = expires_at, ended_by = 'expired' WHERE id IN
        (SELECT id FROM session WHERE ended_at IS NULL AND expires_at <= $1 LIMIT ${batch})
         AND ended_at IS NULL AND expires_at + 0 <= $2
       RETURNING id, student_id`,
      [now, now],
      (session) => this.tellExpiry(session),
    );
    // Before their sessions, which would take them all along at once: there can be thousands to one.
    await this.inBatches(
      (batch) => `DELETE FROM refresh_token WHERE hash IN
        (SELECT r.hash FROM session s JOIN refresh_token r ON r.session_id = s.id
          WHERE s.ended_at IS NOT NULL AND s.ended_at <= $1 LIMIT ${batch})
       RETURNING hash`,
      [removable],
    );
    await this.inBatches(
      (batch) => `DELETE FROM session WHERE id IN
        (SELECT id FROM session WHERE ended_at IS NOT NULL AND ended_at <= $1 LIMIT ${batch})
       RETURNING id`,
      [removable],
    );
  }

  /** As `Sessions` tells the other ends; nobody asked for this one, so there is no request. */
  private tellExpiry({ id, student_id: studentId }: EndedRow): void {
    this.logger.log({ message: 'Session ended', by: 'expired', sessions: [id], studentId });
  }
}
