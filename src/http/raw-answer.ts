import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { ERROR_STATUS } from './error-status.js';
import { failureAnswer } from './failure-answer.js';

/** How long a client may go on sending after its answer, so that the answer is not lost to a reset. */
const LINGER_MS = 1000;

/** A whole HTTP/1.1 answer for a connection on which no request could be read. It ends the connection. */
function rawAnswer(failure: DomainError, requestId: string, withBody = true): string {
  const { status, headers, body } = failureAnswer(failure);
  const text = JSON.stringify(body);
  const lines = {
    ...headers,
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    date: new Date().toUTCString(),
    connection: 'close',
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${withBody ? text : ''}`;
}

/** Sends the answer, then discards what still comes for a moment before the connection is cut. */
export function refuse(
  { refusalListeners }: Pick<FastifyInstance, 'refusalListeners'>,
  socket: Socket,
  failure: DomainError,
  requestId: string,
  withBody = true,
): void {
  socket.end(rawAnswer(failure, requestId, withBody));
  for (const listener of refusalListeners) listener(ERROR_STATUS[failure.kind]);
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(cut));
}
