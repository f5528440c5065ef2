import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { encodeCursor } from '../common/cursor.js';
import { loginKey } from '../common/login-key.js';
import { Database } from '../database/database.js';
import { Page } from '../http/page.js';
import { cursorOf, limitOf } from '../http/page-query.dto.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { RegistrationThrottle } from '../throttle/registration-throttle.js';
import type { ListStudentsQuery } from './dto/list-students.query.js';
import type { RegisterStudentDto } from './dto/register-student.dto.js';
import { type StudentsResponse, toStudentResponse } from './dto/student.response.js';
import { prefixRange } from './key-range.js';
import { LoginKeys } from './login-keys.js';
import { cleanName } from './student-identity.js';
import { StudentRepository } from './student.repository.js';
import { StudentNotFound } from './students.errors.js';

/** The registry: who is in it, and how one gets in. */
@Injectable()
export class StudentsService {
  constructor(
    private readonly database: Database,
    private readonly students: StudentRepository,
    private readonly loginKeys: LoginKeys,
    private readonly hasher: PasswordHasher,
    private readonly throttle: RegistrationThrottle,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @returns the new student's `public_id`
   * @throws NameTaken, EmailTaken, TooManyAttempts
   */
  async register(student: RegisterStudentDto, caller: Caller): Promise<string> {
    await this.throttle.admit(caller.ip);
    const password = await this.hasher.hash(student.password);
    const publicId = randomUUID();
    const identity = { name: cleanName(student.name), email: student.email };
    const role = 'user';
    await this.database.write(async (manager) => {
      const id = await this.students.insert(manager, {
        ...identity,
        public_id: publicId,
        password,
        role,
        createdAt: this.clock.now(),
      });
      await this.loginKeys.claim(manager, { id, role }, identity);
      await this.audit.record(manager, { action: 'registration', student: publicId }, caller);
    });
    return publicId;
  }

  async list(query: ListStudentsQuery): Promise<Page<StudentsResponse>> {
    return query.q === undefined ? await this.listInOrder(query) : await this.listByKey(query, query.q);
  }

  /** @throws StudentNotFound */
  async find(publicId: string): Promise<StudentsResponse> {
    const student = await this.students.findByPublicId(publicId);
    if (!student) throw new StudentNotFound();
    return { students: [toStudentResponse(student)] };
  }

  private async listInOrder(query: ListStudentsQuery): Promise<Page<StudentsResponse>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, 'students', ['integer']) ?? [0];
    const found = query.role
      ? await this.students.pageOfRole(query.role, after, limit + 1)
      : await this.students.pageInOrder(after, limit + 1);
    return pageOf(found, limit, (last) => encodeCursor('students', [last.id]));
  }

  private async listByKey(query: ListStudentsQuery, q: string): Promise<Page<StudentsResponse>> {
    const limit = limitOf(query);
    const [after] = cursorOf(query, 'students-by-key', ['string']) ?? [''];
    const found = await this.students.pageByKey(prefixRange(loginKey(q)), query.role, after, limit + 1);
    return pageOf(found, limit, (last) => encodeCursor('students-by-key', [last.key]));
  }
}

/** One row more than the page was asked for: whether there is a next one. */
function pageOf<Row extends Parameters<typeof toStudentResponse>[0]>(
  found: readonly Row[],
  limit: number,
  cursorAfter: (last: Row) => string,
): Page<StudentsResponse> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const next = found.length > limit && last ? cursorAfter(last) : undefined;
  return new Page({ students: shown.map(toStudentResponse) }, next);
}
