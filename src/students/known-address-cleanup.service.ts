import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { KNOWN_FOR_MS } from './known-addresses.js';

const EVERY_MS = 3_600_000;
/** Small, so that nobody waits long for it; what is left is for the next hour. */
const BATCH = 500;

/** Forgets addresses that are known no longer. Harmless on several instances at once: each removes what it finds. */
@Injectable()
export class KnownAddressCleanup {
  private readonly logger = new Logger(KnownAddressCleanup.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Interval(EVERY_MS)
  async tick(): Promise<void> {
    try {
      while ((await this.removeBatch()) === BATCH);
    } catch (error) {
      this.logger.error(error);
    }
  }

  /** @returns how many were removed */
  async removeBatch(): Promise<number> {
    return await this.database.write((manager) =>
      this.database.executeWith(
        manager,
        `DELETE FROM known_address WHERE (student_id, address) IN
          (SELECT student_id, address FROM known_address WHERE last_login_at <= $1 LIMIT ${BATCH})`,
        [this.clock.now() - KNOWN_FOR_MS],
      ),
    );
  }
}
