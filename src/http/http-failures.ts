import { DomainError } from '../common/domain-error.js';

/** 404 of a path that is not ours (the 404 of a thing is its feature's). */
export class UnknownPath extends DomainError {
  constructor() {
    super('not-found', 'Not found');
  }
}

/** 405 of a path that is ours, with the methods it has (RFC 9110, section 15.5.6). */
export class MethodNotAllowed extends DomainError {
  constructor(allowed: readonly string[]) {
    super('method-not-allowed', 'Method not allowed', { headers: { allow: allowed.join(', ') } });
  }
}

/** 413. */
export class BodyTooLarge extends DomainError {
  constructor() {
    super('body-too-large', 'The body is too large.');
  }
}

/** 415: another type, charset or content coding. */
export class UnsupportedBody extends DomainError {
  constructor() {
    super('unsupported-body', 'The body must be JSON in UTF-8.');
  }
}

/** 417: an `Expect` other than `100-continue`. The client may or may not send its body: the connection ends. */
export class UnmetExpectation extends DomainError {
  constructor() {
    super('expectation-failed', 'The expectation cannot be met.', { headers: { connection: 'close' } });
  }
}

/** 400: no `Host`, or several (RFC 9112, section 3.2). */
export class InvalidHost extends DomainError {
  constructor() {
    super('bad-request', 'The Host header is missing or repeated.', { headers: { connection: 'close' } });
  }
}

/** 400: a path that percent-decodes to nothing. */
export class InvalidPath extends DomainError {
  constructor() {
    super('bad-request', 'The path is not valid.');
  }
}

/** 400: what arrived is not an HTTP request. */
export class InvalidHttp extends DomainError {
  constructor(detail: string) {
    super('bad-request', 'The request is not valid HTTP.', { detail });
  }
}

/** 408. */
export class RequestTooSlow extends DomainError {
  constructor() {
    super('request-timeout', 'The request took too long to arrive.');
  }
}

/** 431. */
export class HeadersTooLarge extends DomainError {
  constructor() {
    super('headers-too-large', 'The request headers are too large.');
  }
}

/** 500: whatever nobody foresaw. */
export class UnexpectedFailure extends DomainError {
  constructor(cause: unknown) {
    super('internal', 'Something went wrong.', { logLevel: 'error', cause });
  }
}
