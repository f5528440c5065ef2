import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nextLink } from './next-link.js';

/** A page of a list: the answer's body, and the cursor of the next page, absent on the last. */
export class Page<Body> {
  constructor(
    readonly body: Body,
    readonly next: string | undefined,
  ) {}
}

/** Sends a handler's `Page` as its body and a `Link` to the next page; a hook, as an interceptor would cost every route. */
export function sendPages(instance: FastifyInstance): void {
  instance.addHook('preSerialization', (request, reply, answer, done) => {
    if (!(answer instanceof Page)) return done(null, answer);
    setNextLink(reply, request, answer.next);
    done(null, answer.body);
  });
}

export function setNextLink(reply: FastifyReply, request: FastifyRequest, cursor: string | undefined): void {
  if (cursor !== undefined) void reply.header('link', nextLink(request.url, request.query, cursor));
}
