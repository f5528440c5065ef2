import { DomainError, type DomainErrorOptions } from '../common/domain-error.js';

const CHALLENGE = { 'www-authenticate': 'Bearer' } as const;

/** 401: neither `x-access-token` nor `Authorization: Bearer`. */
export class MissingToken extends DomainError {
  constructor() {
    super('unauthenticated', 'Token is missing!', { headers: CHALLENGE });
  }
}

/** 401: the client is told no more than this, whatever is wrong. */
export class InvalidToken extends DomainError {
  constructor(options: DomainErrorOptions = {}) {
    super('unauthenticated', 'Token is invalid!', { ...options, headers: CHALLENGE });
  }
}
