import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { BatchJob } from '../database/batch-job.js';
import { Database } from '../database/database.js';

/** Removes events older than `AUDIT_RETENTION`. */
@Injectable()
export class AuditRetention extends BatchJob {
  /** Ours among Postgres' advisory locks: one instance at a time removes. */
  protected readonly advisoryLock = 7_788_336_855;

  constructor(
    database: Database,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    super(database);
  }

  async run(): Promise<void> {
    await this.inBatches(
      (batch) => `DELETE FROM audit_event WHERE id IN
        (SELECT id FROM audit_event WHERE at <= $1 ORDER BY at LIMIT ${batch}) RETURNING id`,
      [this.clock.now() - this.settings.auditRetention],
    );
  }
}
