import type { FastifyReply, FastifyRequest } from 'fastify';
import { METHODS } from './known-path.js';

const ALLOWED_HEADERS = 'content-type, authorization, x-access-token, x-request-id';
const EXPOSED_HEADERS = 'link, location, retry-after, x-request-id';
const PREFLIGHT_MAX_AGE_S = '600';

export type Cors = (request: FastifyRequest, reply: FastifyReply) => 'preflight' | 'request';

/**
 * CORS for exact origins and without credentials (https://fetch.spec.whatwg.org/#http-cors-protocol). Sets the headers
 * and says whether the request is a preflight, which is then wholly answered by them.
 */
export function corsFor(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  if (allowed.size === 0) return () => 'request';
  return ({ headers, method }, reply) => {
    void reply.header('vary', 'Origin');
    const known = headers.origin !== undefined && allowed.has(headers.origin);
    if (known) void reply.header('access-control-allow-origin', headers.origin);
    if (
      method === 'OPTIONS' &&
      headers.origin !== undefined &&
      headers['access-control-request-method'] !== undefined
    ) {
      if (known) {
        void reply.headers({
          'access-control-allow-methods': METHODS.join(', '),
          'access-control-allow-headers': ALLOWED_HEADERS,
          'access-control-max-age': PREFLIGHT_MAX_AGE_S,
        });
      }
      return 'preflight';
    }
    if (known) void reply.header('access-control-expose-headers', EXPOSED_HEADERS);
    return 'request';
  };
}
