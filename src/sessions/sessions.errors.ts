import { DomainError, type DomainErrorOptions } from '../common/domain-error.js';

/** 401: unknown, spent, expired or of an ended session; the client is not told which. */
export class InvalidRefreshToken extends DomainError {
  constructor(options: DomainErrorOptions = {}) {
    super('unauthenticated', 'Refresh token is invalid!', {
      ...options,
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}

/** 404: no live session of this student has that id. */
export class SessionNotFound extends DomainError {
  constructor() {
    super('not-found', 'Not found');
  }
}
