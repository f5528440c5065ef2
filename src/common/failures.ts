import { DomainError, type DomainErrorOptions } from './domain-error.js';

/** The most faults one answer lists; the rest are counted. */
const MOST_FAULTS_TOLD = 10;

/** The longest `Retry-After` the contract allows, in seconds. */
const LONGEST_RETRY_AFTER_S = 900;

/** 400. Several faults come in one string; beyond ten they are only counted. */
export class InvalidRequest extends DomainError {
  constructor(faults: readonly string[] | string, options: DomainErrorOptions = {}) {
    const list = typeof faults === 'string' ? [faults] : faults;
    const told = list.slice(0, MOST_FAULTS_TOLD).join('; ');
    const more = list.length - MOST_FAULTS_TOLD;
    super('bad-request', more > 0 ? `${told}; and ${more} more` : told, options);
  }
}

/** 403. */
export class NotPermitted extends DomainError {
  constructor(options: DomainErrorOptions = {}) {
    super('forbidden', 'Cannot perform that function!', options);
  }
}

/** 429. */
export class TooManyAttempts extends DomainError {
  /** @param retryAfterMs milliseconds until another attempt makes sense */
  constructor(retryAfterMs: number, options: DomainErrorOptions = {}) {
    super('throttled', 'Too many attempts. Try again later.', {
      logLevel: 'info',
      ...options,
      headers: { 'retry-after': retryAfterSeconds(retryAfterMs) },
    });
  }
}

/** 503: overload, a database that cannot write or answer, shutdown. */
export class ServiceUnavailable extends DomainError {
  constructor(options: DomainErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super('unavailable', 'The service is busy. Try again later.', {
      logLevel: 'warn',
      ...options,
      headers: { 'retry-after': retryAfterSeconds(options.retryAfterMs ?? 1000) },
    });
  }
}

/** Whole seconds from 1 to 900, as the contract has every `Retry-After`. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.min(LONGEST_RETRY_AFTER_S, Math.max(1, Math.ceil(ms / 1000))));
}
