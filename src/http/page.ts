import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { nextLink } from './next-link.js';

/** A page of a list: the answer's body, and the cursor of the next page, absent on the last. */
export class Page<Body> {
  constructor(
    readonly body: Body,
    readonly next: string | undefined,
  ) {}
}

/** Sends a handler's `Page` as its body and a `Link` to the next page. */
@Injectable()
export class PageInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      map((answer) => {
        if (!(answer instanceof Page)) return answer;
        setNextLink(http.getResponse<FastifyReply>(), http.getRequest<FastifyRequest>(), answer.next);
        return answer.body as unknown;
      }),
    );
  }
}

export function setNextLink(reply: FastifyReply, request: FastifyRequest, cursor: string | undefined): void {
  if (cursor !== undefined) void reply.header('link', nextLink(request.url, request.query, cursor));
}
