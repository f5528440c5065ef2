import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What every answer says. Nothing may be cached unless its route says otherwise by `@Header('Cache-Control', …)`: most
 * answers carry personal data or a token.
 */
export function setEveryAnswersHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}
