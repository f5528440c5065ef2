import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller, Principal } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { InvalidRequest, NotPermitted } from '../common/failures.js';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { passwordFaults } from '../passwords/password-rules.js';
import { Sessions } from '../sessions/sessions.service.js';
import { Credentials, type VerifiedStudent } from './credentials.service.js';
import type { ChangePasswordDto } from './dto/change-password.dto.js';
import type { UpdateStudentDto } from './dto/update-student.dto.js';
import { LoginKeys } from './login-keys.js';
import { cleanName } from './student-identity.js';
import { type StudentRecord, StudentRepository } from './student.repository.js';
import { LastAdmin, StudentNotFound } from './students.errors.js';

const PASSWORD_MISSING = 'current_password is required';

/** Changes to an account. Whether the caller may is the policy's, which has been asked before. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly database: Database,
    private readonly students: StudentRepository,
    private readonly loginKeys: LoginKeys,
    private readonly credentials: Credentials,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
    private readonly settings: Settings,
    private readonly audit: AuditLog,
  ) {}

  /** @throws InvalidRequest, NotPermitted, StudentNotFound, NameTaken, EmailTaken, LastAdmin, TooManyAttempts */
  async update(
    principal: Principal,
    publicId: string,
    changes: UpdateStudentDto,
    caller: Caller,
  ): Promise<void> {
    const target = await this.find(publicId);
    if (target.id === principal.studentId && changes.email !== undefined) {
      if (changes.current_password === undefined) throw new InvalidRequest(PASSWORD_MISSING);
      await this.confirm(target, changes.current_password, caller);
    }
    await this.database.write(async (manager) => {
      if (changes.role !== undefined) await this.students.lockAdmins(manager);
      const current = await this.lock(manager, target.id);
      if (await this.applyIdentity(manager, current, changes))
        await this.audit.record(manager, { action: 'profile-changed', student: publicId }, caller);
      if (changes.role !== undefined && changes.role !== current.role) {
        if (await this.students.isLastAdmin(manager, current)) throw new LastAdmin();
        await this.students.setRole(manager, current.id, changes.role);
        await this.sessions.endAllWith(manager, current.id, 'role', caller);
        await this.audit.record(manager, { action: 'role-changed', student: publicId }, caller);
      }
    });
  }

  /** @throws InvalidRequest, NotPermitted, StudentNotFound, TooManyAttempts */
  async changePassword(
    principal: Principal,
    publicId: string,
    { current_password: currentPassword, new_password: newPassword }: ChangePasswordDto,
    caller: Caller,
  ): Promise<void> {
    const target = await this.students.findByPublicId(publicId);
    const oneself = publicId === principal.publicId;
    const faults = oneself && currentPassword === undefined ? [PASSWORD_MISSING] : [];
    const minLength = this.settings.passwordMinLength;
    const notLike = target ? [target.name, target.email] : [];
    faults.push(...passwordFaults(newPassword, { minLength, notLike, field: 'new_password' }));
    if (faults.length > 0) throw new InvalidRequest(faults);
    if (!target) throw new StudentNotFound();

    const verified = oneself ? await this.confirm(target, currentPassword ?? '', caller) : undefined;
    const hash = await this.hasher.hash(newPassword);
    await this.database.write(async (manager) => {
      const current = await this.lock(manager, target.id);
      // Somebody else changed the password while this change was checked and hashed.
      if (verified && verified.passwordHash !== current.password) throw new NotPermitted();
      await this.students.setPassword(manager, current.id, hash);
      await this.sessions.endAllWith(
        manager,
        current.id,
        'password',
        caller,
        oneself ? principal.sessionId : undefined,
      );
      await this.audit.record(manager, { action: 'password-changed', student: publicId }, caller);
    });
  }

  /** @throws InvalidRequest, NotPermitted, StudentNotFound, LastAdmin, TooManyAttempts */
  async remove(
    principal: Principal,
    publicId: string,
    currentPassword: string | undefined,
    caller: Caller,
  ): Promise<void> {
    const target = await this.find(publicId);
    if (target.id === principal.studentId) {
      if (currentPassword === undefined) throw new InvalidRequest(PASSWORD_MISSING);
      await this.confirm(target, currentPassword, caller);
    }
    await this.database.write(async (manager) => {
      await this.students.lockAdmins(manager);
      const current = await this.lock(manager, target.id);
      if (await this.students.isLastAdmin(manager, current)) throw new LastAdmin();
      await this.sessions.tellRemoval(manager, current.id, caller);
      await this.students.remove(manager, current.id);
      await this.audit.record(manager, { action: 'student-deleted', student: publicId }, caller);
    });
  }

  private async find(publicId: string): Promise<StudentRecord> {
    const student = await this.students.findByPublicId(publicId);
    if (!student) throw new StudentNotFound();
    return student;
  }

  private async lock(manager: EntityManager, id: number): Promise<StudentRecord & { password: string }> {
    const student = await this.students.lock(manager, id);
    if (!student) throw new StudentNotFound();
    return student;
  }

  private async confirm(student: StudentRecord, password: string, caller: Caller): Promise<VerifiedStudent> {
    const verified = await this.credentials.confirm(student.id, password, caller);
    if (!verified) throw new NotPermitted({ detail: 'wrong current password' });
    return verified;
  }

  /** @returns whether anything is different now */
  private async applyIdentity(
    manager: EntityManager,
    current: StudentRecord,
    changes: UpdateStudentDto,
  ): Promise<boolean> {
    const after = {
      name: changes.name === undefined ? current.name : cleanName(changes.name),
      email: changes.email ?? current.email,
    };
    if (after.name === current.name && after.email === current.email) return false;
    await this.loginKeys.replace(manager, current, current, after);
    await this.students.setIdentity(manager, current.id, after);
    return true;
  }
}
