import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyBaseLogger, FastifyHttpOptions, FastifyInstance, RawServerDefault } from 'fastify';
import { useBodyParser } from './body-parser.js';
import { handleClientError } from './client-error.js';
import { corsFor } from './cors.js';
import { answerFailure } from './error.filter.js';
import { setEveryAnswersHeaders } from './every-answer.js';
import { InvalidPath } from './http-failures.js';
import { createHttpServer, HTTP_TIMEOUTS, type HttpTimeouts } from './http-server.js';
import { type ParserFault, targetFailure } from './parser-failure.js';
import { refuse } from './raw-answer.js';
import { requestIdFrom } from './request-id.js';
import { logWhenDone, prepareListeners, RequestLogController } from './request-log.js';
import type { Settings } from '../config/settings.js';

/** Above Node's limit for all headers, so that a long parameter is a matter of the route: nothing has such an id. */
const LONGEST_PARAM = 64 * 1024;

type HttpSettings = Pick<Settings, 'trustProxy' | 'corsOrigins'>;

/** Nest registers parsers of its own when it starts, one for forms among them: ours are all there are. */
class OwnParserAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {}
}

/**
 * Nest's Fastify adapter over our server. What fails below Nest, in Fastify's router or in Node's parser, is answered
 * like everything else.
 *
 * @param logger takes the request log; without it nothing is logged
 */
export function createHttpAdapter(
  settings: HttpSettings,
  logger?: FastifyBaseLogger,
  timeouts: HttpTimeouts = HTTP_TIMEOUTS,
): FastifyAdapter {
  const cors = corsFor(settings.corsOrigins);
  const options: FastifyHttpOptions<RawServerDefault> = {
    ...(logger === undefined ? {} : { loggerInstance: logger }),
    logController: new RequestLogController(),
    serverFactory: (listener) => createHttpServer(listener, timeouts),
    genReqId: (request: IncomingMessage) => requestIdFrom(request.headers['x-request-id']),
    trustProxy: trustOf(settings.trustProxy),
    routerOptions: { maxParamLength: LONGEST_PARAM },
    exposeHeadRoutes: true,
    // Requests that arrive during shutdown are `configureHttp`'s to answer, in our words.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // The router gives up, before any hook, on a path that cannot be decoded.
    frameworkErrors: (_error, request, reply) => {
      logWhenDone(request, reply);
      setEveryAnswersHeaders(request, reply);
      cors(request, reply);
      answerFailure(reply, new InvalidPath());
    },
    clientErrorHandler(this: FastifyInstance, fault, socket) {
      // Fastify's type describes the packet as it looks in JSON; Node's is a buffer.
      handleClientError(this, fault as unknown as ParserFault, socket);
    },
  };
  const adapter = new OwnParserAdapter(options);
  const instance = adapter.getInstance();
  prepareListeners(instance);
  useBodyParser(instance);
  instance.server.on('connect', (request: IncomingMessage, socket: Socket) =>
    refuseTunnel(instance, request, socket),
  );
  return adapter;
}

/**
 * What Fastify makes of `X-Forwarded-For`. It takes a number, but then believes nobody; as a function it counts hops
 * from the socket on, which is what TRUST_PROXY promises.
 */
function trustOf(
  trust: Settings['trustProxy'],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof trust === 'number') return (_address, hop) => hop < trust;
  return trust === false ? false : [...trust];
}

/** CONNECT never becomes a request: Node hands over the bare connection. */
function refuseTunnel(instance: FastifyInstance, request: IncomingMessage, socket: Socket): void {
  // Nobody else listens on this socket any more, and an error without a listener would end the process.
  socket.on('error', () => socket.destroy());
  const requestId = requestIdFrom(request.headers['x-request-id']);
  const failure = targetFailure(instance, request.url ?? '');
  instance.log.info({ requestId, failure: failure.kind, method: 'CONNECT' }, 'no tunnels here');
  refuse(instance, socket, failure, requestId);
}
