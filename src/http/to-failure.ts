import { HttpException } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { InvalidRequest, NotPermitted, ServiceUnavailable, TooManyAttempts } from '../common/failures.js';
import { isDatabaseUnavailable } from '../database/database-unavailable.js';
import {
  BodyTooLarge,
  HeadersTooLarge,
  InvalidHttp,
  RequestTooSlow,
  UnexpectedFailure,
  UnknownPath,
  UnmetExpectation,
  UnsupportedBody,
} from './http-failures.js';

/** Whatever was thrown, as one of our failures: the text of Nest, Fastify or a driver ends here. */
export function toFailure(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const status = statusOf(thrown);
  if (status !== undefined) return ofStatus(status, thrown);
  if (isDatabaseUnavailable(thrown)) return new ServiceUnavailable({ reason: 'database', cause: thrown });
  return new UnexpectedFailure(thrown);
}

/** The status that Nest's exceptions and Fastify's errors bring along. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { name, statusCode } = thrown instanceof Error ? (thrown as Error & { statusCode?: unknown }) : {};
  return name === 'FastifyError' && typeof statusCode === 'number' ? statusCode : undefined;
}

function ofStatus(status: number, cause: unknown): DomainError {
  switch (status) {
    case 400:
      return new InvalidRequest('The request is not valid.', { cause });
    case 401:
      return new DomainError('unauthenticated', 'Could not verify', { cause });
    case 403:
      return new NotPermitted({ cause });
    case 404:
      return new UnknownPath();
    case 408:
      return new RequestTooSlow();
    case 413:
      return new BodyTooLarge();
    case 415:
      return new UnsupportedBody();
    case 417:
      return new UnmetExpectation();
    case 429:
      return new TooManyAttempts(1000, { cause });
    case 431:
      return new HeadersTooLarge();
    case 503:
      return new ServiceUnavailable({ cause });
    default:
      return status < 500 ? new InvalidHttp(`status ${status}`) : new UnexpectedFailure(cause);
  }
}
