import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from './api.decorators.js';
import { MessageResponse } from './message.response.js';

type Status = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
type Headers = NonNullable<Parameters<typeof ApiResponse>[0]['headers']>;

interface Failure {
  readonly description: string;
  readonly messages: readonly string[];
  readonly headers?: Headers;
}

const RETRY_AFTER: Headers = {
  'Retry-After': {
    description: 'Whole seconds until another attempt makes sense, at most 900.',
    schema: { type: 'integer', minimum: 1, maximum: 900 },
  },
};

const challenge = (...challenges: string[]): Headers => ({
  'WWW-Authenticate': { description: 'The challenge.', schema: { type: 'string', enum: challenges } },
});

const BASIC = 'Basic realm="Login required!", charset="UTF-8"';

const FAILURES: Record<Status, Failure> = {
  400: {
    description: 'Something is not valid; each fault is named, at most ten.',
    messages: ['limit must be a whole number from 1 to 1000'],
  },
  401: {
    description: 'There is no token, or one that is not good (any more).',
    messages: ['Token is missing!', 'Token is invalid!'],
    headers: challenge('Bearer'),
  },
  403: { description: 'Not permitted.', messages: ['Cannot perform that function!'] },
  404: { description: 'There is no such thing.', messages: ['Not found'] },
  409: {
    description: 'Another student holds the name or e-mail.',
    messages: ['The name is already taken.', 'The e-mail is already taken.'],
  },
  413: { description: 'The body is over 64 KiB.', messages: ['The body is too large.'] },
  415: {
    description: 'The body has another type, charset or content coding.',
    messages: ['The body must be JSON in UTF-8.'],
  },
  429: {
    description: 'Throttled: too many failures, or too many registrations.',
    messages: ['Too many attempts. Try again later.'],
    headers: RETRY_AFTER,
  },
  500: { description: 'A fault of the server; the log has it.', messages: ['Something went wrong.'] },
  503: {
    description: 'Overload, shutdown, or the database cannot answer.',
    messages: ['The service is busy. Try again later.'],
    headers: RETRY_AFTER,
  },
};

/** What a route's failures say, where it is something else than usual, or more. */
type Particulars = Partial<Record<Status, Partial<Failure>>>;

/** A wrong user or password, challenged with Basic or, where credentials may be in the body, with either. */
export const couldNotVerify = (ways: 'basic' | 'basic-or-body'): Partial<Failure> => ({
  description: 'No credentials, an unknown user or a wrong password.',
  messages: ['Could not verify'],
  headers: ways === 'basic' ? challenge(BASIC) : challenge(BASIC, 'Bearer'),
});

/** What a route says that takes a body: the faults of the fields, and the one of the body itself. */
export const invalidBody = (...messages: string[]): Partial<Failure> => ({
  messages: [...messages, 'The body is not valid JSON.'],
});

/** Documents the failures of a route, but 500 and 503, which every route has. */
export function ApiFailures(
  statuses: readonly Exclude<Status, 500 | 503>[],
  particulars: Particulars = {},
): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, ...documentedFailure(status, particulars[status]) })),
  );
}

/** A failure as OpenAPI's Response Object. */
export function documentedFailure(status: Status, particular: Partial<Failure> = {}) {
  const { description, messages, headers } = { ...FAILURES[status], ...particular };
  return {
    description,
    ...(headers ? { headers } : {}),
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${MessageResponse.name}` },
        examples: Object.fromEntries(
          messages.map((message) => [exampleName(message), { value: { message } }]),
        ),
      },
    },
  };
}

/** `The name is already taken.` as `the-name-is-already-taken`. */
function exampleName(message: string): string {
  return message
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
