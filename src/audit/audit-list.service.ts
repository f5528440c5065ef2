import { Injectable } from '@nestjs/common';
import { encodeCursor } from '../common/cursor.js';
import { Database } from '../database/database.js';
import { cursorOf, limitOf } from '../http/page-query.dto.js';
import { Page } from '../http/page.js';
import { parseInstant } from '../common/instant.js';
import { FailedChecks } from './failed-checks.service.js';
import { type AuditEventsResponse, type AuditRow, toAuditEventResponse } from './dto/audit-event.response.js';
import type { ListAuditQuery } from './dto/list-audit.query.js';

interface ListedRow extends AuditRow {
  readonly id: string | number;
}

/** Beyond every event, for the first page. */
const BEFORE_ALL: readonly [number, number] = [Number.MAX_SAFE_INTEGER, 0];

/** By the columns that are filtered by; each ends in `at, id`. */
const INDEXES: Readonly<Record<string, string>> = {
  '': 'audit_event_time',
  student: 'audit_event_of_student',
  action: 'audit_event_of_action',
  'student,action': 'audit_event_of_student_and_action',
};

/** The audit log, newest first, by keyset; each filter has its index. */
@Injectable()
export class AuditList {
  constructor(
    private readonly database: Database,
    private readonly failedChecks: FailedChecks,
  ) {}

  /** @throws InvalidRequest for a cursor that is not one of this list's */
  async page(query: ListAuditQuery): Promise<Page<AuditEventsResponse>> {
    const limit = limitOf(query);
    // Those of this instance are shown at once, not half a second later.
    await this.failedChecks.flushIfPossible();
    const parameters: unknown[] = [...(cursorOf(query, 'audit', ['integer', 'integer']) ?? BEFORE_ALL)];
    const next = (value: unknown): string => `$${parameters.push(value)}`;
    const conditions = ['(at, id) < ($1, $2)'];
    const filtered = (['student', 'action'] as const).filter((column) => query[column] !== undefined);
    for (const column of filtered) {
      const value = next(query[column]);
      conditions.push(`${column} = ${column === filtered[0] ? this.oneOf(value) : value}`);
    }
    if (query.since !== undefined) conditions.push(`at >= ${next(parseInstant(query.since))}`);
    const order = [...filtered.slice(0, 1), 'at', 'id'].map((column) => `${column} DESC`);
    const found = await this.database.query<ListedRow>(
      `SELECT id, at, action, actor, student, ip, user_agent, request_id
         FROM audit_event ${this.indexed(INDEXES[filtered.join()])}
        WHERE ${conditions.join(' AND ')} ORDER BY ${order.join(', ')} LIMIT ${next(limit + 1)}`,
      parameters,
    );
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const cursor =
      found.length > limit && last ? encodeCursor('audit', [Number(last.at), Number(last.id)]) : undefined;
    return new Page({ events: shown.map(toAuditEventResponse) }, cursor);
  }

  /** SQLite takes one index of several for as good as another; by the wrong one it reads past all that is not asked for. */
  private indexed(index = ''): string {
    return this.database.kind === 'sqlite' ? `INDEXED BY ${index}` : '';
  }

  /**
   * Postgres takes events to be spread evenly, and would look for those of a student who has many of them among the newest
   * of all, and find none where they are old. In a list of one value it sees no constant, so the order that is asked for,
   * the student before the time, is that of the student's index alone.
   */
  private oneOf(value: string): string {
    return this.database.kind === 'sqlite' ? value : `ANY(ARRAY[${value}])`;
  }
}
