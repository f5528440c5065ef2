import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { encodeCursor } from '../common/cursor.js';
import { cursorOf, limitOf, type PageQuery } from '../http/page-query.dto.js';
import { Page } from '../http/page.js';
import { SessionList } from './session-list.service.js';
import { type SessionsResponse, toSessionResponse } from './session.response.js';

/** Pages of a student's sessions, as the one who asks sees them. */
@Injectable()
export class SessionPages {
  constructor(private readonly list: SessionList) {}

  /** @param ended whether those that ended in the last 30 days are listed too */
  async page(
    studentId: number,
    query: PageQuery,
    principal: Principal,
    ended = false,
  ): Promise<Page<SessionsResponse>> {
    const limit = limitOf(query);
    const after = cursorOf(query, 'sessions', ['integer', 'string']);
    const found = ended
      ? await this.list.all(studentId, limit + 1, after)
      : await this.list.live(studentId, limit + 1, after);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next =
      found.length > limit && last ? encodeCursor('sessions', [last.createdAt, last.id]) : undefined;
    return new Page({ sessions: shown.map((each) => toSessionResponse(each, principal.sessionId)) }, next);
  }
}
