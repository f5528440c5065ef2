import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { InvalidRequest } from '../common/failures.js';
import { loginKey } from '../common/login-key.js';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { passwordFaults } from '../passwords/password-rules.js';
import { Sessions } from '../sessions/sessions.service.js';
import { LoginKeys } from './login-keys.js';
import { cleanName, emailFault, nameFault } from './student-identity.js';
import { StudentRepository } from './student.repository.js';
import { EmailTaken, NameTaken } from './students.errors.js';

export interface AdminToBe {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** The first admin, from the command line: nothing ships with a default account. */
@Injectable()
export class AdminsService {
  constructor(
    private readonly database: Database,
    private readonly students: StudentRepository,
    private readonly loginKeys: LoginKeys,
    private readonly sessions: Sessions,
    private readonly hasher: PasswordHasher,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes an admin, or gives the student who holds both the name and the e-mail the role and the password.
   * @throws InvalidRequest, NameTaken, EmailTaken when they are another's, or two different students'
   */
  async createOrPromote(admin: AdminToBe, caller: Caller): Promise<'created' | 'promoted'> {
    this.check(admin);
    const identity = { name: cleanName(admin.name), email: admin.email };
    const password = await this.hasher.hash(admin.password);
    return await this.database.write(async (manager) => {
      const byName = await this.loginKeys.holder(manager, loginKey(identity.name));
      const byEmail = await this.loginKeys.holder(manager, loginKey(identity.email));
      if (byName === undefined && byEmail === undefined) {
        const createdAt = this.clock.now();
        const publicId = randomUUID();
        const role = 'admin';
        const id = await this.students.insert(manager, {
          ...identity,
          public_id: publicId,
          password,
          role,
          createdAt,
        });
        await this.loginKeys.claim(manager, { id, role }, identity);
        await this.audit.record(manager, { action: 'admin-created', student: publicId }, caller);
        return 'created';
      }
      if (byName === undefined) throw new EmailTaken();
      if (byName !== byEmail) throw new NameTaken();
      const promoted = await this.students.lock(manager, byName);
      if (!promoted) throw new Error('A login key without its student.');
      await this.students.setRole(manager, byName, 'admin');
      await this.students.setPassword(manager, byName, password);
      await this.sessions.endAllWith(manager, byName, 'role', caller);
      await this.audit.record(manager, { action: 'admin-promoted', student: promoted.public_id }, caller);
      return 'promoted';
    });
  }

  private check({ name, email, password }: AdminToBe): void {
    const faults: string[] = [];
    const inName = nameFault(name);
    const inEmail = emailFault(email);
    if (inName !== undefined) faults.push(`name ${inName}`);
    if (inEmail !== undefined) faults.push(`email ${inEmail}`);
    faults.push(
      ...passwordFaults(password, { minLength: this.settings.passwordMinLength, notLike: [name, email] }),
    );
    if (faults.length > 0) throw new InvalidRequest(faults);
  }
}
