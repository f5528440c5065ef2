import { Injectable } from '@nestjs/common';
import type { Caller, Principal } from '../access/principal.js';
import type { Page } from '../http/page.js';
import type { SessionsResponse } from '../sessions/session.response.js';
import { SessionPages } from '../sessions/session-pages.service.js';
import { Sessions } from '../sessions/sessions.service.js';
import type { ListSessionsQuery } from './dto/list-sessions.query.js';
import { type StudentRecord, StudentRepository } from './student.repository.js';
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
    const student = await this.find(publicId);
    return await this.pages.page(student.id, query, principal, query.ended === 'true');
  }

  /** @throws StudentNotFound */
  async endAll(publicId: string, caller: Caller): Promise<void> {
    await this.sessions.endAll((await this.find(publicId)).id, 'admin', caller);
  }

  /** @throws StudentNotFound, SessionNotFound */
  async end(publicId: string, sessionId: string, caller: Caller): Promise<void> {
    await this.sessions.end((await this.find(publicId)).id, sessionId, 'admin', caller);
  }

  private async find(publicId: string): Promise<StudentRecord> {
    const student = await this.students.findByPublicId(publicId);
    if (!student) throw new StudentNotFound();
    return student;
  }
}
