import type { Attributes } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../http/caller.js';
import { pathOf } from '../../http/request-target.js';

/** As the semantic conventions list them; any other method is a caller's text. */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** What our ids look like. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `GET /student/:public_id`: of as few values as there are routes. */
export function spanName(request: FastifyRequest): string {
  const method = METHODS.has(request.method) ? request.method : 'HTTP';
  const { url: route } = request.routeOptions;
  return route === undefined ? method : `${method} ${route}`;
}

/** What is known of a request before it is answered, under OpenTelemetry's semantic conventions for HTTP servers. */
export function requestAttributes(request: FastifyRequest): Attributes {
  const { ip, userAgent } = callerOf(request);
  const { url: route } = request.routeOptions;
  return {
    'http.request.method': METHODS.has(request.method) ? request.method : '_OTHER',
    'url.scheme': request.protocol,
    'client.address': ip,
    'network.protocol.version': request.raw.httpVersion,
    ...(userAgent === '' ? {} : { 'user_agent.original': userAgent }),
    ...(route === undefined ? {} : { 'http.route': route, 'url.path': shownPath(request, route) }),
  };
}

/** Nothing where the client was gone before the answer. */
export function answerAttributes({ raw }: FastifyReply): Attributes {
  return raw.headersSent ? { 'http.response.status_code': raw.statusCode } : {};
}

/** Only what is the server's fault is an error of the server's span. */
export function answerErrorType({ raw, failure }: FastifyReply): string | undefined {
  if (!raw.headersSent || raw.statusCode < 500) return undefined;
  return failure?.reason ?? failure?.kind ?? String(raw.statusCode);
}

/** The path where all that varies in it is an id of ours; else the route: it might be a name, an e-mail or a token. */
function shownPath(request: FastifyRequest, route: string): string {
  const given = Object.values(request.params as Record<string, string>);
  return given.every((each) => ID.test(each)) ? (pathOf(request.raw.url ?? '') ?? route) : route;
}
