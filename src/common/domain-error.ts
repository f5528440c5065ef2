/** Every way a request can fail, in the terms of the contract; `http/error-status.ts` gives each its status. */
export type FailureKind =
  | 'bad-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'conflict'
  | 'body-too-large'
  | 'unsupported-body'
  | 'expectation-failed'
  | 'throttled'
  | 'headers-too-large'
  | 'internal'
  | 'unavailable';

/** What stands behind a failure, in a word the metrics count by: few, fixed, and never a caller's text. */
export type FailureReason =
  | 'event-loop'
  | 'memory'
  | 'password-queue'
  | 'throttle-queue'
  | 'throttle-store'
  | 'database'
  | 'shutdown'
  | 'account-and-address'
  | 'account'
  | 'address'
  | 'registrations'
  | 'reused';

export interface DomainErrorOptions {
  readonly reason?: FailureReason;
  /** For the log only: may name causes the client is not told. Never credentials. */
  readonly detail?: string;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Response headers that belong to the failure (`WWW-Authenticate`, `Allow`, `Retry-After`). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * A failure the client is told of. `message` is the whole text of the answer's body and is ours, word for word:
 * it never carries text of a library, the database or the input parser.
 */
export class DomainError extends Error {
  readonly kind: FailureKind;
  readonly reason: FailureReason | undefined;
  readonly detail: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: FailureKind, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.reason = options.reason;
    this.detail = options.detail;
    this.logLevel = options.logLevel ?? 'debug';
    this.headers = options.headers ?? {};
  }
}
