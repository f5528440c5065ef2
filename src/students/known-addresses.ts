import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import { addressKey } from '../throttle/address-key.js';

/** How long an address stays known after a login from it. */
export const KNOWN_FOR_MS = 30 * 86_400_000;

/** Remembers where students have logged in from, so that others' failures cannot lock them out. */
@Injectable()
export class KnownAddresses {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async remember(manager: EntityManager, studentId: number, ip: string): Promise<void> {
    await this.database.executeWith(
      manager,
      `INSERT INTO known_address (student_id, address, last_login_at) VALUES ($1, $2, $3)
       ON CONFLICT (student_id, address) DO UPDATE SET last_login_at = excluded.last_login_at`,
      [studentId, addressKey(ip), this.clock.now()],
    );
  }

  isKnown(lastLoginAt: string | number | null): boolean {
    return lastLoginAt !== null && this.clock.now() - Number(lastLoginAt) < KNOWN_FOR_MS;
  }
}
