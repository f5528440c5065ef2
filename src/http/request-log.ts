import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { describeError } from './describe-error.js';

/**
 * Writes one line when the answer is out or the client is gone: id, method, the route's pattern, status, duration. Never
 * the URL (its query and its ids are a caller's), a header or a body.
 */
export function logWhenDone(request: FastifyRequest, reply: FastifyReply): void {
  const startedAt = performance.now();
  reply.raw.once('close', () => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.raw.statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
        ...(reply.raw.writableFinished ? {} : { aborted: true }),
      },
      'request',
    );
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
