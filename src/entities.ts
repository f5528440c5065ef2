import { AuditEvent } from './audit/audit-event.entity.js';
import { RefreshTokenRow } from './sessions/refresh-token.entity.js';
import { Session } from './sessions/session.entity.js';
import { ImportRun } from './students/import/import-run.entity.js';
import { KnownAddress } from './students/known-address.entity.js';
import { LoginKey } from './students/login-key.entity.js';
import { Student } from './students/student.entity.js';

/** Every table, for the server, TypeORM's command line and the tests alike. */
export const entities = [Student, LoginKey, KnownAddress, Session, RefreshTokenRow, ImportRun, AuditEvent];
