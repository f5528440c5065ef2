import type { FastifyInstance } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { HeadersTooLarge, InvalidHttp, InvalidPath, RequestTooSlow } from './http-failures.js';
import { noRouteFailure } from './known-path.js';
import { pathOf } from './request-target.js';

/** What Node's HTTP parser says when it gives a connection up. */
export interface ParserFault extends Error {
  readonly code?: string | undefined;
  /** How far into `rawPacket` the parser came. */
  readonly bytesParsed?: number | undefined;
  readonly rawPacket?: Buffer | undefined;
}

type Routes = Pick<FastifyInstance, 'findRoute'>;

/** The rest of a request line from wherever in the method the parser stopped. */
const REST_OF_REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]* ([^ \r\n]+) HTTP\/1\.[01]\r?\n/;

/** Which failure a parser's fault is. A method that Node does not know is judged by its path, like any other method. */
export function parserFailure(routes: Routes, fault: ParserFault): DomainError {
  switch (fault.code ?? '') {
    case 'HPE_HEADER_OVERFLOW':
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HeadersTooLarge();
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new RequestTooSlow();
    case 'HPE_INVALID_METHOD':
      return unknownMethodFailure(routes, fault);
    default:
      return new InvalidHttp(fault.code ?? fault.name);
  }
}

function unknownMethodFailure(routes: Routes, { rawPacket, bytesParsed = 0 }: ParserFault): DomainError {
  const rest = rawPacket?.subarray(bytesParsed).toString('latin1') ?? '';
  const target = REST_OF_REQUEST_LINE.exec(rest)?.[1];
  return target === undefined ? new InvalidHttp('HPE_INVALID_METHOD') : targetFailure(routes, target);
}

/** Why a method that no route can have is refused at a request target. */
export function targetFailure(routes: Routes, target: string): DomainError {
  const path = pathOf(target);
  return path === undefined ? new InvalidPath() : noRouteFailure(routes, path);
}
