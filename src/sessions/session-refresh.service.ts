import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import {
  hashRefreshToken,
  isRefreshTokenForm,
  newRefreshToken,
  openSuccessor,
  sealSuccessor,
} from './refresh-token.js';
import { InvalidRefreshToken } from './sessions.errors.js';
import { Sessions } from './sessions.service.js';

export interface RefreshedSession {
  readonly sessionId: string;
  readonly publicId: string;
  readonly refreshToken: string;
}

interface ShownToken {
  readonly session_id: string;
  readonly spent_at: string | number | null;
  readonly successor: string | null;
  readonly created_at: string | number;
  readonly public_id: string;
}

type Outcome = RefreshedSession | 'invalid' | 'reused' | 'raced';

/** Rotation: each refresh token is good once, and a session never has two unspent ones. */
@Injectable()
export class SessionRefresh {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Spends the token and gives its successor. Shown again within `REFRESH_REUSE_GRACE` of its first use it gives the
   * same successor; shown again later it ends its session.
   * @throws InvalidRefreshToken
   */
  async refresh(token: string, caller: Caller): Promise<RefreshedSession> {
    if (!isRefreshTokenForm(token)) throw new InvalidRefreshToken();
    let outcome: Outcome;
    do {
      outcome = await this.database.write((manager) => this.tryRefresh(manager, token, caller));
    } while (outcome === 'raced');
    if (outcome === 'invalid') throw new InvalidRefreshToken();
    if (outcome === 'reused') throw new InvalidRefreshToken({ reason: 'reused' });
    return outcome;
  }

  private async tryRefresh(manager: EntityManager, token: string, caller: Caller): Promise<Outcome> {
    const now = this.clock.now();
    // The session before its tokens, in the order in which a deletion takes them: neither waits for the other for ever.
    const hold = this.database.kind === 'postgres' ? 'FOR UPDATE OF s' : '';
    const [shown] = await this.database.queryWith<ShownToken>(
      manager,
      `SELECT r.session_id, r.spent_at, r.successor, s.created_at, st.public_id
         FROM refresh_token r JOIN session s ON s.id = r.session_id JOIN student st ON st.id = s.student_id
        WHERE r.hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 ${hold}`,
      [hashRefreshToken(token), now],
    );
    if (!shown) return 'invalid';
    if (shown.spent_at === null) return await this.rotate(manager, token, shown, now);
    const again = this.withinGrace(Number(shown.spent_at), now) && shown.successor !== null;
    if (again) {
      const refreshToken = openSuccessor(shown.successor ?? '', token);
      return { sessionId: shown.session_id, publicId: shown.public_id, refreshToken };
    }
    await this.sessions.endWith(manager, shown.session_id, 'rotated-reused', caller);
    await this.audit.record(manager, { action: 'refresh-reuse', student: shown.public_id }, caller);
    return 'reused';
  }

  private async rotate(
    manager: EntityManager,
    token: string,
    shown: ShownToken,
    now: number,
  ): Promise<Outcome> {
    const refreshToken = newRefreshToken();
    const successor = this.settings.refreshReuseGrace > 0 ? sealSuccessor(refreshToken, token) : null;
    const spent = await this.database.executeWith(
      manager,
      'UPDATE refresh_token SET spent_at = $1, successor = $2 WHERE hash = $3 AND spent_at IS NULL',
      [now, successor, hashRefreshToken(token)],
    );
    // Another request spent it while we waited for the session: look at the token afresh.
    if (spent !== 1) return 'raced';
    await this.sessions.storeRefreshToken(manager, shown.session_id, refreshToken);
    await this.database.executeWith(
      manager,
      'UPDATE session SET last_used_at = $1, expires_at = $2 WHERE id = $3',
      [now, this.sessions.refreshableUntil(Number(shown.created_at), now), shown.session_id],
    );
    return { sessionId: shown.session_id, publicId: shown.public_id, refreshToken };
  }

  /** The window counts from the first use, which `spent_at` keeps; it does not slide. */
  private withinGrace(spentAt: number, now: number): boolean {
    return now - spentAt < this.settings.refreshReuseGrace;
  }
}
