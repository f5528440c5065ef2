import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { MessageResponse } from './message.response.js';

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;
type Headers = NonNullable<Parameters<typeof ApiResponse>[0]['headers']>;

interface DocumentedFailure {
  readonly description: string;
  readonly message: string;
  readonly headers?: Headers;
}

const RETRY_AFTER: Headers = {
  'Retry-After': {
    description: 'Seconds, at most 900',
    schema: { type: 'integer', minimum: 1, maximum: 900 },
  },
};

const FAILURES: Record<Status, DocumentedFailure> = {
  400: { description: 'A field or parameter is not valid; each is named', message: 'name is required' },
  401: {
    description: 'Not recognised',
    message: 'Token is invalid!',
    headers: { 'WWW-Authenticate': { description: 'The challenge', schema: { type: 'string' } } },
  },
  403: { description: 'Not permitted', message: 'Cannot perform that function!' },
  404: { description: 'No such thing', message: 'Not found' },
  409: {
    description: 'Another student holds it, or the last admin would go',
    message: 'The name is already taken.',
  },
  413: { description: 'A body over 64 KiB', message: 'The body is too large.' },
  415: { description: 'Another body type, charset or encoding', message: 'The body must be JSON in UTF-8.' },
  429: { description: 'Throttled', message: 'Too many attempts. Try again later.', headers: RETRY_AFTER },
  503: {
    description: 'Overload, or the database cannot answer',
    message: 'The service is busy. Try again later.',
    headers: RETRY_AFTER,
  },
};

/** Documents the failures of a route; `messages` where one says something else than usual there. */
export function ApiFailures(statuses: readonly Status[], messages: Partial<Record<Status, string>> = {}) {
  return applyDecorators(
    ...statuses.map((status) => {
      const { description, message, headers } = FAILURES[status];
      return ApiResponse({
        status,
        description,
        type: MessageResponse,
        example: { message: messages[status] ?? message },
        ...(headers ? { headers } : {}),
      });
    }),
  );
}
