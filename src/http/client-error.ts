import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { type ParserFault, parserFailure } from './parser-failure.js';
import { refuse } from './raw-answer.js';
import { requestIdFrom } from './request-id.js';

/** The answer Node is at on a connection; its own `clientError` default looks here too. */
type Answering = Socket & { readonly _httpMessage?: ServerResponse<IncomingMessage> | null };

const answered = new WeakSet<Socket>();

/** Answers what Node's HTTP parser gives up on. The parser may complain again about what follows: once is enough. */
export function handleClientError(instance: FastifyInstance, fault: ParserFault, socket: Socket): void {
  if (answered.has(socket)) return;
  answered.add(socket);
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  answerInTurn(instance, parserFailure(instance, fault), socket);
}

/**
 * Requests that came whole before the fault are answered first. A fault within a request's body is that request's
 * answer, unless the handler has begun another one.
 */
function answerInTurn(instance: FastifyInstance, failure: DomainError, socket: Answering): void {
  const current = socket._httpMessage ?? undefined;
  if (current?.req.complete) {
    current.once('finish', () => answerInTurn(instance, failure, socket));
    return;
  }
  if (!socket.writable || current?.headersSent) {
    socket.destroy();
    return;
  }
  const requestId = requestIdFrom(current?.req.headers['x-request-id']);
  instance.log.info({ requestId, failure: failure.kind, detail: failure.detail }, 'not an HTTP request');
  refuse(instance, socket, failure, requestId, current?.req.method !== 'HEAD');
}
