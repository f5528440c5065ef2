import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { BatchJob } from '../database/batch-job.js';
import { Database } from '../database/database.js';
import { KNOWN_FOR_MS } from './known-addresses.js';

/** Forgets addresses that are known no longer. */
@Injectable()
export class KnownAddressCleanup extends BatchJob {
  /** Ours among Postgres' advisory locks: one instance at a time cleans up. */
  protected readonly advisoryLock = 7_788_336_856;

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    super(database);
  }

  async run(): Promise<void> {
    await this.inBatches(
      (batch) => `DELETE FROM known_address WHERE (student_id, address) IN
        (SELECT student_id, address FROM known_address WHERE last_login_at <= $1 LIMIT ${batch})
       RETURNING student_id`,
      [this.clock.now() - KNOWN_FOR_MS],
    );
  }
}
