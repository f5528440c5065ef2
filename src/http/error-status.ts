import type { FailureKind } from '../common/domain-error.js';

/** The HTTP status of each kind of failure. Exhaustive: a kind without a status does not compile. */
export const ERROR_STATUS: Readonly<Record<FailureKind, number>> = {
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  conflict: 409,
  'body-too-large': 413,
  'unsupported-body': 415,
  'expectation-failed': 417,
  throttled: 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
};
