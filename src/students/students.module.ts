import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { AdminsService } from './admins.service.js';
import { Credentials } from './credentials.service.js';
import { StudentExporter } from './export/student-exporter.service.js';
import { GivenPasswords } from './import/given-passwords.service.js';
import { ImportProgress } from './import/import-progress.js';
import { PasswordBatch } from './import/password-batch.service.js';
import { StudentImporter } from './import/student-importer.service.js';
import { KnownAddressCleanup } from './known-address-cleanup.service.js';
import { KnownAddresses } from './known-addresses.js';
import { LoginKeys } from './login-keys.js';
import { StudentSessionsController } from './student-sessions.controller.js';
import { StudentSessions } from './student-sessions.service.js';
import { StudentRepository } from './student.repository.js';
import { StudentsController } from './students.controller.js';
import { StudentsService } from './students.service.js';

@Module({
  imports: [AuditModule, PasswordsModule, SessionsModule, ThrottleModule],
  controllers: [StudentsController, AccountsController, StudentSessionsController],
  providers: [
    StudentsService,
    AccountsService,
    AdminsService,
    StudentSessions,
    StudentRepository,
    LoginKeys,
    Credentials,
    KnownAddresses,
    KnownAddressCleanup,
    StudentImporter,
    ImportProgress,
    PasswordBatch,
    GivenPasswords,
    StudentExporter,
  ],
  exports: [
    StudentsService,
    AdminsService,
    StudentRepository,
    LoginKeys,
    Credentials,
    KnownAddresses,
    KnownAddressCleanup,
    StudentImporter,
    ImportProgress,
    GivenPasswords,
    StudentExporter,
  ],
})
export class StudentsModule {}
