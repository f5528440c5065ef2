import type { DomainError } from '../common/domain-error.js';
import { ERROR_STATUS } from './error-status.js';

export interface FailureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly message: string };
}

/** The one place that shapes what a client is told of a failure. */
export function failureAnswer(failure: DomainError): FailureAnswer {
  const status = ERROR_STATUS[failure.kind];
  const retry = status === 429 || status === 503 ? { 'retry-after': '1' } : {};
  return {
    status,
    // A route may allow its answer to be cached; its failures are not that answer.
    headers: { 'cache-control': 'no-store', ...retry, ...failure.headers },
    body: { message: failure.message },
  };
}
