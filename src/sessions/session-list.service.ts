import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { SessionEnd } from './session.entity.js';

/** How long an ended session stays visible to admins before it is removed. */
export const ENDED_SESSIONS_KEPT_MS = 30 * 86_400_000;

/** Where a page of sessions starts: after this one, newest first. */
export type SessionCursor = readonly [createdAt: number, id: string];

export interface ListedSession {
  readonly id: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly userAgent: string;
  readonly ip: string;
  readonly endedAt: number | null;
  readonly endedBy: SessionEnd | null;
}

interface Row {
  readonly id: string;
  readonly created_at: string | number;
  readonly last_used_at: string | number;
  readonly expires_at: string | number;
  readonly user_agent: string;
  readonly ip: string;
  readonly ended_at: string | number | null;
  readonly ended_by: SessionEnd | null;
}

const COLUMNS = 'id, created_at, last_used_at, expires_at, user_agent, ip, ended_at, ended_by';
const ORDER = 'ORDER BY created_at DESC, id DESC';
/** Beyond every real session, for the first page. */
const BEFORE_ALL: SessionCursor = [Number.MAX_SAFE_INTEGER, ''];

/** One student's sessions, newest first, by keyset. */
@Injectable()
export class SessionList {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async live(studentId: number, limit: number, after: SessionCursor = BEFORE_ALL): Promise<ListedSession[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM session
        WHERE student_id = $1 AND (created_at, id) < ($2, $3) AND ended_at IS NULL AND expires_at > $4
        ${ORDER} LIMIT $5`,
      [studentId, ...after, this.clock.now(), limit],
    );
    return rows.map((row) => this.listed(row));
  }

  /** The live ones and those that ended in the last 30 days. */
  async all(studentId: number, limit: number, after: SessionCursor = BEFORE_ALL): Promise<ListedSession[]> {
    const since = this.clock.now() - ENDED_SESSIONS_KEPT_MS;
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM session
        WHERE student_id = $1 AND (created_at, id) < ($2, $3) AND expires_at > $4
          AND (ended_at IS NULL OR ended_at > $5)
        ${ORDER} LIMIT $6`,
      [studentId, ...after, since, since, limit],
    );
    return rows.map((row) => this.listed(row));
  }

  private listed(row: Row): ListedSession {
    const expiresAt = Number(row.expires_at);
    // Expired, and the clean-up has not written it down yet.
    const expired = row.ended_at === null && expiresAt <= this.clock.now();
    return {
      id: row.id,
      createdAt: Number(row.created_at),
      lastUsedAt: Number(row.last_used_at),
      expiresAt,
      userAgent: row.user_agent,
      ip: row.ip,
      endedAt: expired ? expiresAt : row.ended_at === null ? null : Number(row.ended_at),
      endedBy: expired ? 'expired' : row.ended_by,
    };
  }
}
