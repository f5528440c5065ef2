export type Role = 'user' | 'admin';

/** The caller, as the access token and the database agree on it at this request. */
export interface Principal {
  /** The database's own id of the student. */
  readonly studentId: number;
  readonly publicId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly sessionId: string;
}

/** Where a request comes from: what sessions, throttling and the audit log keep of it. */
export interface Caller {
  /** Whose token the request came with: a `public_id`; `command line` for a command; null for nobody. */
  readonly actor: string | null;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}
