import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { describeError } from './describe-error.js';

/** Told of each request when its answer is out or the client is gone. It must not throw. */
export type RequestListener = (request: FastifyRequest, reply: FastifyReply, durationMs: number) => void;

/** Told the status of each answer to what never became a request. */
export type RefusalListener = (status: number) => void;

declare module 'fastify' {
  interface FastifyInstance {
    readonly requestListeners: RequestListener[];
    readonly refusalListeners: RefusalListener[];
  }
  interface FastifyReply {
    /** What was answered, if that was a failure. */
    failure: DomainError | null;
  }
}

/** Makes room on a new instance for those who listen to its requests. */
export function prepareListeners(instance: FastifyInstance): void {
  instance.decorate('requestListeners', []);
  instance.decorate('refusalListeners', []);
  instance.decorateReply('failure', null);
}

/**
 * Writes one line when the answer is out or the client is gone: id, method, the route's pattern, status, duration. Never
 * the URL (its query and its ids are a caller's), a header or a body. Then tells the listeners.
 */
export function logWhenDone(request: FastifyRequest, reply: FastifyReply): void {
  const startedAt = performance.now();
  reply.raw.once('close', () => {
    const durationMs = performance.now() - startedAt;
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.raw.statusCode,
        durationMs: Math.round(durationMs * 100) / 100,
        ...(reply.raw.writableFinished ? {} : { aborted: true }),
      },
      'request',
    );
    for (const listener of request.server.requestListeners) listener(request, reply, durationMs);
  });
}

type Line = (error: Error, request: FastifyRequest, reply: FastifyReply) => void;

/** Silences Fastify's own lines on requests, which hold URLs; its faults stay, described as ours are. */
export class RequestLogController extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'requestId' });
  }

  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override routeNotFound(): void {}
  override defaultErrorLog(): void {}
  override serviceUnavailable(): void {}

  override streamError: Line = (error, request) => fault(request, error, 'an answer broke off');
  override writeHeadError: Line = (error, request) =>
    fault(request, error, 'the headers of an answer were refused');
  override serializerError: Line = (error, request) =>
    fault(request, error, 'an answer did not fit its schema');
}

function fault(request: FastifyRequest, error: Error, message: string): void {
  request.log.warn({ error: describeError(error) }, message);
}
