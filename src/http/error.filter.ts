import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { describeError } from './describe-error.js';
import { failureAnswer } from './failure-answer.js';
import { toFailure } from './to-failure.js';

/** Catches everything, logs it as its failure says, and answers `{"message": …}`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const failure = toFailure(thrown);
    logFailure(http.getRequest<FastifyRequest>().log, failure);
    answerFailure(http.getResponse<FastifyReply>(), failure);
  }
}

export function logFailure(log: FastifyBaseLogger, failure: DomainError): void {
  log[failure.logLevel](
    {
      failure: failure.kind,
      ...(failure.detail === undefined ? {} : { detail: failure.detail }),
      ...(failure.cause === undefined ? {} : { error: describeError(failure.cause) }),
    },
    // A fault may name a key of the body, and a key may be a password that was typed into the wrong place.
    failure.kind === 'bad-request' ? 'The request is not valid.' : failure.message,
  );
}

export function answerFailure(reply: FastifyReply, failure: DomainError): void {
  if (reply.raw.headersSent) {
    // Half an answer is out: only breaking it off tells the client that it is not whole.
    reply.raw.destroy();
    return;
  }
  if (reply.sent) return;
  reply.failure = failure;
  const { status, headers, body } = failureAnswer(failure);
  // Fastify closes the connection after a bad body; ours has been read or is being discarded.
  if (reply.hasHeader('connection'))
    void reply.header('connection', reply.raw.shouldKeepAlive ? 'keep-alive' : 'close');
  void reply.code(status).headers(headers).send(body);
}
