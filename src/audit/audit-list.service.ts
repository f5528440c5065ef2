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
    const conditions = ['(at, id) < ($1, $2)'];
    const filter = (condition: string, value: unknown): void => {
      if (value === undefined) return;
      parameters.push(value);
      conditions.push(`${condition} $${parameters.length}`);
    };
    filter('student =', query.student);
    filter('action =', query.action);
    filter('at >=', query.since === undefined ? undefined : parseInstant(query.since));
    const found = await this.database.query<ListedRow>(
      `SELECT id, at, action, actor, student, ip, user_agent, request_id FROM audit_event
        WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT $${parameters.length + 1}`,
      [...parameters, limit + 1],
    );
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next =
      found.length > limit && last ? encodeCursor('audit', [Number(last.at), Number(last.id)]) : undefined;
    return new Page({ events: shown.map(toAuditEventResponse) }, next);
  }
}
