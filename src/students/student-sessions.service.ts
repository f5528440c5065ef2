import { Injectable } from '@nestjs/common';
import type { Caller, Principal } from '../access/principal.js';
import type { Page } from '../http/page.js';
import type { SessionsResponse } from '../sessions/session.response.js';
import { SessionPages } from '../sessions/session-pages.service.js';
import { type SessionOwner, Sessions } from '../sessions/sessions.service.js';
import type { ListSessionsQuery } from './dto/list-sessions.query.js';
import { StudentRepository } from './student.repository.js';
import { StudentNotFound } from './students.errors.js';

/** An admin's view of a student's sessions. */
@Injectable()
export class StudentSessions {
  constructor(
    private readonly students: StudentRepository,
    private readonly sessions: Sessions,
    private readonly pages: SessionPages,
  ) {}

  /** @throws StudentNotFound */
  async list(
    publicId: string,
    query: ListSessionsQuery,
    principal: Principal,
  ): Promise<Page<SessionsResponse>> {
    const { studentId } = await this.owner(publicId);
    return await this.pages.page(studentId, query, principal, query.ended === 'true');
  }

  /** @throws StudentNotFound */
  async endAll(publicId: string, caller: Caller): Promise<void> {
    await this.sessions.endAll(await this.owner(publicId), 'admin', caller);
  }

  /** @throws StudentNotFound, SessionNotFound */
  async end(publicId: string, sessionId: string, caller: Caller): Promise<void> {
    await this.sessions.end(await this.owner(publicId), sessionId, 'admin', caller);
  }

  private async owner(publicId: string): Promise<SessionOwner> {
    const student = await this.students.findByPublicId(publicId);
    if (!student) throw new StudentNotFound();
    return { studentId: student.id, publicId };
  }
}
