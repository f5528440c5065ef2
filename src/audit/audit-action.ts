/** What the audit log knows of. The words are stored and shown: they are added to, never renamed. */
export const AUDIT_ACTIONS = [
  /** A student registered, or was registered by an admin (then the actor). */
  'registration',
  /** A session was opened, by either login. */
  'login',
  /** A login's password check failed; `student` is null where the name is nobody's. */
  'login-failed',
  /** The current password, asked for once more by a change, was wrong. */
  'confirmation-failed',
  /** A spent refresh token was shown after its grace window; its session was ended. */
  'refresh-reuse',
  'logout',
  /** One session was ended, by its owner or an admin. */
  'session-revoked',
  /** All sessions of a student were ended, by the owner or an admin. */
  'sessions-revoked',
  'role-changed',
  'password-changed',
  /** Name, e-mail or both. */
  'profile-changed',
  'student-deleted',
  /** The first admin and the like, from the command line. */
  'admin-created',
  /** From the command line: a student there is got the role and a new password. */
  'admin-promoted',
  /** A run of an import began that was no dry run. */
  'import',
  /** The signing keys were read again, at SIGHUP. */
  'keys-reloaded',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
