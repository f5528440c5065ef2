import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceUnavailable } from '../common/failures.js';
import type { Settings } from '../config/settings.js';
import { forgetBody, normaliseBodyType } from './body-type.js';
import { corsFor } from './cors.js';
import { ErrorFilter } from './error.filter.js';
import { setEveryAnswersHeaders } from './every-answer.js';
import { InvalidHost, UnknownPath, UnmetExpectation } from './http-failures.js';
import { hasUnmetExpectation } from './http-server.js';
import { hasEmptyParam, noRouteFailure } from './known-path.js';
import { takesNoBody } from './no-body.decorator.js';
import { pathOf } from './request-target.js';
import { logWhenDone } from './request-log.js';
import { ShutdownState } from './shutdown-state.js';
import { RequestValidationPipe } from './validation.pipe.js';

/**
 * Gives an application made with `createHttpAdapter` the contract's manners. Before `app.init()`; the application's
 * module imports `HttpModule`.
 */
export function configureHttp(app: NestFastifyApplication, settings: Settings): void {
  app.useGlobalFilters(new ErrorFilter());
  app.useGlobalPipes(new RequestValidationPipe(settings));
  const state = app.get(ShutdownState, { strict: false });
  const cors = corsFor(settings.corsOrigins);
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();

  instance.addHook('onRequest', (request, reply, done) => {
    state.arrived(request.raw);
    logWhenDone(request, reply);
    setEveryAnswersHeaders(request, reply);
    if (cors(request, reply) === 'preflight') {
      void reply.code(204).send();
      return;
    }
    done(refusal(instance, state, request));
  });

  instance.addHook('onSend', (request, reply, payload, done) => {
    if (state.endsConnection(request.raw)) void reply.header('connection', 'close');
    done(null, payload);
  });
}

/** What is wrong with a request before its body and its caller are looked at. */
function refusal(
  instance: FastifyInstance,
  state: ShutdownState,
  request: FastifyRequest,
): Error | undefined {
  if (state.phase === 'closing') return new ServiceUnavailable({ logLevel: 'info', reason: 'shutdown' });
  if (!hasOneHost(request)) return new InvalidHost();
  if (hasUnmetExpectation(request.raw)) return new UnmetExpectation();
  if (request.is404) return noRouteFailure(instance, pathOf(request.raw.url ?? '') ?? '');
  if (hasEmptyParam(request.params)) return new UnknownPath();
  if (takesNoBody(request.routeOptions.config)) forgetBody(request.raw.headers);
  else normaliseBodyType(request.raw.headers);
  return undefined;
}

/** RFC 9112, section 3.2: one `Host`, required since HTTP/1.1. Node folds several into the first. */
function hasOneHost({ raw }: FastifyRequest): boolean {
  if (raw.headers.host === undefined) return raw.httpVersion === '1.0';
  let hosts = 0;
  for (let i = 0; i < raw.rawHeaders.length; i += 2) {
    if (raw.rawHeaders[i]?.toLowerCase() === 'host') hosts++;
  }
  return hosts <= 1;
}
