import { Injectable, Logger } from '@nestjs/common';
import { type EntityManager, IsNull, MoreThan, Not } from 'typeorm';
import type { Caller } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { RefreshTokenRow } from './refresh-token.entity.js';
import { hashRefreshToken, newRefreshToken } from './refresh-token.js';
import { Session, type SessionEnd } from './session.entity.js';
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

/** Opens and ends sessions. What is done inside a caller's transaction takes its manager. */
@Injectable()
export class Sessions {
  private readonly logger = new Logger(Sessions.name);

  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** @returns the refresh token, for a refreshable session */
  async open(manager: EntityManager, session: NewSession, caller: Caller): Promise<string | undefined> {
    const now = this.clock.now();
    await this.makeRoom(manager, session.studentId, caller);
    await manager.insert(Session, {
      id: session.id,
      studentId: session.studentId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: session.refreshable ? this.refreshableUntil(now, now) : session.accessTokenExpiresAt,
      userAgent: caller.userAgent,
      ip: caller.ip,
      endedAt: null,
      endedBy: null,
    });
    if (!session.refreshable) return undefined;
    const token = newRefreshToken();
    await manager.insert(RefreshTokenRow, { hash: hashRefreshToken(token), sessionId: session.id });
    return token;
  }

  /**
   * When a session ends that is refreshed now: `REFRESH_TOKEN_TTL` after this refresh, but not beyond
   * `SESSION_MAX_AGE` after its login.
   */
  refreshableUntil(createdAt: number, now: number): number {
    return Math.min(now + this.settings.refreshTokenTtl, createdAt + this.settings.sessionMaxAge);
  }

  /** @throws SessionNotFound when the student has no live session of that id */
  async end(studentId: number, sessionId: string, by: SessionEnd, caller: Caller): Promise<void> {
    const ended = await this.database.write((manager) =>
      this.endWhere(manager, { id: sessionId, studentId }, by),
    );
    if (ended === 0) throw new SessionNotFound();
    this.tell([sessionId], studentId, by, caller);
  }

  async endAll(studentId: number, by: SessionEnd, caller: Caller): Promise<void> {
    await this.database.write((manager) => this.endAllWith(manager, studentId, by, caller));
  }

  /** Ends every live session of the student, all but `except` where one is named. */
  async endAllWith(
    manager: EntityManager,
    studentId: number,
    by: SessionEnd,
    caller: Caller,
    except?: string,
  ): Promise<void> {
    const ended = await this.endWhere(
      manager,
      except === undefined ? { studentId } : { studentId, id: Not(except) },
      by,
    );
    if (ended > 0) this.tell(`${ended} sessions`, studentId, by, caller);
  }

  /** @returns whether the session was live until now */
  async endWith(manager: EntityManager, sessionId: string, by: SessionEnd): Promise<boolean> {
    return (await this.endWhere(manager, { id: sessionId }, by)) > 0;
  }

  private async endWhere(manager: EntityManager, which: object, by: SessionEnd): Promise<number> {
    const now = this.clock.now();
    const live = { ...which, endedAt: IsNull(), expiresAt: MoreThan(now) };
    const result = await manager.update(Session, live, { endedAt: now, endedBy: by });
    return result.affected ?? 0;
  }

  /** Ends the oldest sessions until one more is within the limit. */
  private async makeRoom(manager: EntityManager, studentId: number, caller: Caller): Promise<void> {
    const live = await this.database.queryWith<{ id: string }>(
      manager,
      `SELECT id FROM session WHERE student_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at, id`,
      [studentId, this.clock.now()],
    );
    const surplus = live.slice(0, Math.max(0, live.length - MOST_LIVE_SESSIONS + 1)).map(({ id }) => id);
    for (const id of surplus) await this.endWhere(manager, { id }, 'limit');
    if (surplus.length > 0) this.tell(surplus, studentId, 'limit', caller);
  }

  private tell(
    sessions: readonly string[] | string,
    studentId: number,
    by: SessionEnd,
    caller: Caller,
  ): void {
    this.logger.log({ message: 'Session ended', by, sessions, studentId, requestId: caller.requestId });
  }
}
