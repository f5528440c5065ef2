import type { OpenAPIObject } from '@nestjs/swagger';
import { documentedFailure } from './api-failures.decorator.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];
type Response = Responses[string];
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** In the order they are shown: what makes a thing first, the `HEAD` of another last. */
const METHODS = ['post', 'get', 'put', 'patch', 'delete', 'head'] as const;
const REQUEST_ID = {
  description: "The request's id in the log: the caller's own `x-request-id`, or a new one.",
  schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
};

/**
 * Says what holds everywhere, so that no controller need repeat it: any request can meet an overloaded server or a
 * fault, each answer carries its request's id, a route without a way in is public, and unknown keys of a body are refused. Changes the document and returns it.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  document.components ??= {};
  document.components.headers = { ...document.components.headers, 'x-request-id': REQUEST_ID };
  document.components.responses = {
    Overload: withRequestId(documentedFailure(503)),
    Fault: withRequestId(documentedFailure(500)),
    ...document.components.responses,
  };
  for (const [path, item] of Object.entries(document.paths)) {
    const operations = METHODS.flatMap((method) => (item[method] ? [[method, item[method]] as const] : []));
    for (const [, operation] of operations) completeOperation(operation);
    document.paths[path] = Object.fromEntries(operations);
  }
  for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
    if (name.endsWith('Dto')) (schema as Exclude<Schema, { $ref: string }>).additionalProperties = false;
  }
  return document;
}

function completeOperation(operation: Operation): void {
  operation.security ??= [];
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response) operation.responses[status] = withRequestId(response);
  }
  operation.responses['500'] = { $ref: '#/components/responses/Fault' };
  operation.responses['503'] = { $ref: '#/components/responses/Overload' };
}

function withRequestId<R extends NonNullable<Response>>(response: R): R {
  if ('$ref' in response) return response;
  const headers = 'headers' in response ? response.headers : {};
  return {
    ...response,
    headers: { ...headers, 'x-request-id': { $ref: '#/components/headers/x-request-id' } },
  };
}
