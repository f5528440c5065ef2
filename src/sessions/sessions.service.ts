import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { isStorable } from '../common/storable.js';
import { Database } from '../database/database.js';
import { hashRefreshToken, newRefreshToken } from './refresh-token.js';
import type { SessionEnd } from './session.entity.js';
import { SessionNotFound } from './sessions.errors.js';

/** A student's live sessions, beyond which a further login ends the oldest. */
export const MOST_LIVE_SESSIONS = 100;

export interface NewSession {
  readonly id: string;
  readonly studentId: number;
  /** When the access token it is opened with expires: milliseconds since the epoch. */
  readonly accessTokenExpiresAt: number;
  /** Whether it comes with a refresh token; without one it ends with its access token. */
  readonly refreshable: boolean;
}

/** Whose sessions: a `Principal` is one. */
export interface SessionOwner {
  readonly studentId: number;
  readonly publicId: string;
}

interface ToldEnd {
  readonly by: SessionEnd | 'deletion';
  readonly sessions: readonly string[];
  readonly studentId: number;
}

/** No session has this id. */
const NONE = '';

/** Opens and ends sessions. What is done inside a caller's transaction takes its manager. */
@Injectable()
export class Sessions {
  private readonly logger = new Logger(Sessions.name);

  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /** @returns the refresh token, for a refreshable session */
  async open(manager: EntityManager, session: NewSession, caller: Caller): Promise<string | undefined> {
    const now = this.clock.now();
    await this.makeRoom(manager, session.studentId, caller);
    const expiresAt = session.refreshable ? this.refreshableUntil(now, now) : session.accessTokenExpiresAt;
    await this.database.executeWith(
      manager,
      `INSERT INTO session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [session.id, session.studentId, now, now, expiresAt, caller.userAgent, caller.ip],
    );
    if (!session.refreshable) return undefined;
    const token = newRefreshToken();
    await this.storeRefreshToken(manager, session.id, token);
    return token;
  }

  /** The one before it must have been spent: a session has a single unspent one. */
  async storeRefreshToken(manager: EntityManager, sessionId: string, token: string): Promise<void> {
    await this.database.executeWith(manager, 'INSERT INTO refresh_token (hash, session_id) VALUES ($1, $2)', [
      hashRefreshToken(token),
      sessionId,
    ]);
  }

  /**
   * When a session ends that is refreshed now: `REFRESH_TOKEN_TTL` after this refresh, but not beyond
   * `SESSION_MAX_AGE` after its login.
   */
  refreshableUntil(createdAt: number, now: number): number {
    return Math.min(now + this.settings.refreshTokenTtl, createdAt + this.settings.sessionMaxAge);
  }

  /** @throws SessionNotFound when the student has no live session of that id */
  async end(
    { studentId, publicId }: SessionOwner,
    sessionId: string,
    by: 'logout' | 'owner' | 'admin',
    caller: Caller,
  ): Promise<void> {
    if (!isStorable(sessionId)) throw new SessionNotFound();
    await this.database.write(async (manager) => {
      const which = 'AND id = $4 AND student_id = $5';
      if (!(await this.endWhere(manager, by, caller, which, [sessionId, studentId])))
        throw new SessionNotFound();
      const action = by === 'logout' ? 'logout' : 'session-revoked';
      await this.audit.record(manager, { action, student: publicId }, caller);
    });
  }

  async endAll({ studentId, publicId }: SessionOwner, by: 'owner' | 'admin', caller: Caller): Promise<void> {
    await this.database.write(async (manager) => {
      await this.endAllWith(manager, studentId, by, caller);
      await this.audit.record(manager, { action: 'sessions-revoked', student: publicId }, caller);
    });
  }

  /** Ends every live session of the student, all but `except` where one is named. */
  async endAllWith(
    manager: EntityManager,
    studentId: number,
    by: SessionEnd,
    caller: Caller,
    except = NONE,
  ): Promise<void> {
    await this.endWhere(manager, by, caller, 'AND student_id = $4 AND id <> $5', [studentId, except]);
  }

  /** @returns whether the session was live until now */
  async endWith(manager: EntityManager, sessionId: string, by: SessionEnd, caller: Caller): Promise<boolean> {
    return await this.endWhere(manager, by, caller, 'AND id = $4', [sessionId]);
  }

  /** A student who is removed takes the sessions along: what remains of them is a line in the log. */
  async tellRemoval(manager: EntityManager, studentId: number, caller: Caller): Promise<void> {
    const ids = await this.liveOf(manager, studentId);
    if (ids.length > 0) this.tell(manager, { by: 'deletion', sessions: ids, studentId }, caller);
  }

  private async endWhere(
    manager: EntityManager,
    by: SessionEnd,
    caller: Caller,
    which: string,
    parameters: readonly unknown[],
  ): Promise<boolean> {
    const now = this.clock.now();
    const ended = await this.database.changeWith<{ id: string; student_id: number }>(
      manager,
      `UPDATE session SET ended_at = $1, ended_by = $2
        WHERE ended_at IS NULL AND expires_at > $3 ${which} RETURNING id, student_id`,
      [now, by, now, ...parameters],
    );
    const [first] = ended;
    if (!first) return false;
    this.tell(manager, { by, sessions: ended.map(({ id }) => id), studentId: first.student_id }, caller);
    return true;
  }

  /** Ends the oldest sessions until one more is within the limit. */
  private async makeRoom(manager: EntityManager, studentId: number, caller: Caller): Promise<void> {
    const live = await this.liveOf(manager, studentId);
    const surplus = live.slice(0, Math.max(0, live.length - MOST_LIVE_SESSIONS + 1));
    for (const id of surplus) await this.endWith(manager, id, 'limit', caller);
  }

  /** Oldest first. */
  private async liveOf(manager: EntityManager, studentId: number): Promise<string[]> {
    const live = await this.database.queryWith<{ id: string }>(
      manager,
      `SELECT id FROM session WHERE student_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at, id`,
      [studentId, this.clock.now()],
    );
    return live.map(({ id }) => id);
  }

  /** One line for each end, of one student: at most MOST_LIVE_SESSIONS ids. Only of what was committed. */
  private tell(manager: EntityManager, end: ToldEnd, { requestId, ip }: Caller): void {
    this.database.onCommit(manager, () => {
      const event = { message: 'Session ended', ...end, requestId, ip };
      if (end.by === 'rotated-reused') this.logger.warn(event);
      else this.logger.log(event);
    });
  }
}
