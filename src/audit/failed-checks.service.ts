import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Caller } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { AuditAction } from './audit-action.js';
import { AuditLog, type Deed, type NewEvent } from './audit-log.service.js';

export type FailedCheck = Extract<AuditAction, 'login-failed' | 'confirmation-failed'>;

const WRITE_AFTER_MS = 500;
/** Small enough for one statement in either database. */
const BATCH = 200;
/** Beyond this the oldest go, should the database refuse to write for so long. */
const MOST_WAITING = 10_000;
const MINUTE_MS = 60_000;
/** How long who reads the log waits for the last half second's events, should the database not take them. */
const LONGEST_WAIT_MS = 250;
/** Names are free to make up: without a bound, guesses at names that nobody has could fill the disk. */
const MOST_UNKNOWN_A_MINUTE = 100;

/**
 * Events of password checks that failed. They are written a few at a time and after the answer, so that a flood of
 * guesses does not cost a commit each; a clean stop writes what waits. How many there can be of one student is the
 * throttle's matter.
 */
@Injectable()
export class FailedChecks implements OnApplicationShutdown {
  private readonly logger = new Logger(FailedChecks.name);
  private waiting: NewEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private minute = 0;
  private unknown = 0;
  private lost = 0;

  constructor(
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  add(deed: Deed & { readonly action: FailedCheck }, caller: Caller): void {
    if (deed.student === null && !this.hasRoomForUnknown()) return;
    if (this.waiting.length >= MOST_WAITING) {
      this.waiting.shift();
      this.lost += 1;
    }
    this.waiting.push(this.audit.eventOf(deed, caller));
    this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  /** Writes what waits; what cannot be written waits for the next time. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeAll());
    await this.writing;
  }

  /** As `flush`, for who reads and must not wait for a database that cannot be written. */
  async flushIfPossible(): Promise<void> {
    await Promise.race([this.flush(), delay(LONGEST_WAIT_MS, undefined, { ref: false })]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
    if (this.waiting.length > 0)
      this.logger.error({ message: 'Failed checks are lost', count: this.waiting.length });
    this.tellUncounted();
    clearTimeout(this.timer);
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      try {
        await this.database.write((manager) => this.audit.insert(manager, batch));
      } catch (error) {
        this.waiting = [...batch, ...this.waiting];
        this.logger.error(error);
        this.timer ??= setTimeout(() => void this.flush(), MINUTE_MS).unref();
        return;
      }
    }
    if (this.lost > 0) this.logger.error({ message: 'Failed checks are lost', count: this.lost });
    this.lost = 0;
  }

  private hasRoomForUnknown(): boolean {
    const minute = Math.floor(this.clock.now() / MINUTE_MS);
    if (minute !== this.minute) {
      this.tellUncounted();
      this.minute = minute;
      this.unknown = 0;
    }
    this.unknown += 1;
    return this.unknown <= MOST_UNKNOWN_A_MINUTE;
  }

  private tellUncounted(): void {
    const count = this.unknown - MOST_UNKNOWN_A_MINUTE;
    if (count > 0)
      this.logger.warn({ message: 'Failed logins of unknown names beyond what the audit log takes', count });
  }
}
