import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { AuditAction } from './audit-action.js';

/** What was done. */
export interface Deed {
  readonly action: AuditAction;
  /** The `public_id` of whom it was done to; null where that is nobody known, or no single one. */
  readonly student: string | null;
  /** Who did it, where that is not the caller as the token says: a login's student. */
  readonly actor?: string | null;
}

/** A row to be written. */
export interface NewEvent extends Required<Deed> {
  readonly at: number;
  readonly ip: string | null;
  readonly userAgent: string;
  readonly requestId: string;
}

const COLUMNS = ['at', 'action', 'actor', 'student', 'ip', 'user_agent', 'request_id'] as const;

/** Writes events in the transaction of what they tell of: neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async record(manager: EntityManager, deed: Deed, caller: Caller): Promise<void> {
    await this.insert(manager, [this.eventOf(deed, caller)]);
  }

  /** As `record`, for what has no transaction. */
  async recordAlone(deed: Deed, caller: Caller): Promise<void> {
    await this.database.write((manager) => this.record(manager, deed, caller));
  }

  /** What happens now, to be inserted later. */
  eventOf({ action, student, actor }: Deed, caller: Caller): NewEvent {
    return {
      at: this.clock.now(),
      action,
      actor: actor === undefined ? caller.actor : actor,
      student,
      ip: isIP(caller.ip) === 0 ? null : caller.ip,
      userAgent: caller.userAgent,
      requestId: caller.requestId,
    };
  }

  async insert(manager: EntityManager, events: readonly NewEvent[]): Promise<void> {
    const rows = events.map((_event, row) => {
      const places = COLUMNS.map((_column, column) => `$${row * COLUMNS.length + column + 1}`);
      return `(${places.join(', ')})`;
    });
    await this.database.executeWith(
      manager,
      `INSERT INTO audit_event (${COLUMNS.join(', ')}) VALUES ${rows.join(', ')}`,
      events.flatMap(({ at, action, actor, student, ip, userAgent, requestId }) => [
        at,
        action,
        actor,
        student,
        ip,
        userAgent,
        requestId,
      ]),
    );
  }
}
